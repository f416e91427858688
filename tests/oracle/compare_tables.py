"""compare_tables.py - runnel and scikit-learn learn the same tables equally well

    compare_tables.py RUNNEL classes|numbers

The wine and the diabetes data that scikit-learn brings; the same rows, layers, update rule and number of epochs; five
seeds, each with a split of its own. The mean difference of the five test results must not be more than chance makes it:
three standard errors, and a hundredth for what five runs cannot tell.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import warnings

try:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.datasets import load_diabetes, load_wine
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    print(f"skipped: {missing}; the package python3-sklearn has it")
    sys.exit(77)

EPOCHS, BATCH, RATE, HIDDEN = 60, 32, 0.01, 20
SETTINGS = {"hidden_layer_sizes": (HIDDEN,), "solver": "adam", "learning_rate_init": RATE, "batch_size": BATCH,
            "max_iter": EPOCHS, "alpha": 0, "tol": 0, "n_iter_no_change": EPOCHS + 1}


def write(path, names, x, t):
    rows = [",".join(names) + ",target"] + [",".join(map(repr, [*map(float, row), answer])) for row, answer in zip(x, t)]
    path.write_text("\n".join(rows) + "\n", encoding="ascii")


def ours(runnel, folder, seed, measure):
    common = {"cwd": folder, "check": True, "stdout": subprocess.PIPE}
    subprocess.run([runnel, "train", "--data", "train.csv", "--test", "test.csv", "--net", f"affine {HIDDEN}, relu, affine",
                    "--init", "xavier_uniform", "--optimizer", "adam", "--lr", str(RATE), "--batch", str(BATCH),
                    "--sampling", "shuffled", "--epochs", str(EPOCHS), "--seed", str(seed), "--quiet",
                    "--history", "none"], **common)
    out = subprocess.run([runnel, "eval", "model.safetensors", "--json", "--quiet"], **common).stdout
    return json.loads(out)[measure]


def theirs(classes, seed, parts):
    x, x_test, t, t_test = parts
    if classes:
        model = make_pipeline(StandardScaler(), MLPClassifier(random_state=seed, **SETTINGS))
    else:
        model = TransformedTargetRegressor(make_pipeline(StandardScaler(), MLPRegressor(random_state=seed, **SETTINGS)),
                                           transformer=StandardScaler())
    return model.fit(x, t).score(x_test, t_test)


def main(runnel, what):
    warnings.simplefilter("ignore")  # that it has not converged
    classes, runnel = what == "classes", pathlib.Path(runnel).resolve()
    data = load_wine() if classes else load_diabetes(scaled=False)
    differences = []
    for seed in range(1, 6):
        parts = train_test_split(data.data, data.target, test_size=0.4, random_state=seed,
                                 stratify=data.target if classes else None)
        answers = [[f"class {k}" if classes else float(k) for k in part] for part in parts[2:]]
        with tempfile.TemporaryDirectory() as folder:
            write(pathlib.Path(folder, "train.csv"), data.feature_names, parts[0], answers[0])
            write(pathlib.Path(folder, "test.csv"), data.feature_names, parts[1], answers[1])
            our = ours(runnel, folder, seed, "accuracy" if classes else "r2")
        their = theirs(classes, seed, parts)
        differences.append(our - their)
        print(f"seed {seed}: runnel {our:.4f}, scikit-learn {their:.4f}")
    mean = statistics.mean(differences)
    bound = 3 * statistics.stdev(differences) / len(differences) ** 0.5 + 0.01
    print(f"mean difference {mean:.4f}, bound {bound:.4f}")
    return 0 if abs(mean) <= bound else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
