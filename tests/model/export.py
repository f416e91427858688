"""export.py - exported networks, compiled: do they compute what runnel computes?

    export.py layers|mnist RUNNEL PEER CC...

layers: networks of every layer as C source: compiled as C99 and as C++ by the compilers that are there, without a
warning; their own tests pass, and fail where a weight was changed; two of them link into one program; nothing global
but their names, nothing that is written to, nothing from a library. mnist: the same logits as runnel's on the
10,000 test pictures; with weights of 8 bits nearly the accuracy and 30 % of the size. RUNNEL is the program, PEER that
of peer.c, CC a C compiler's command. Exit status 77: what it needs is not there (the test counts as skipped).
"""
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

STRICT = ["-ffreestanding", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wdouble-promotion", "-pedantic", "-Werror"]
NAMES = "zero\none, two\n\\\"??/*\xfc"
# layers, inputs, notes, options of runnel export
NETWORKS = [
    ("affine 13, relu, affine 10", 30, {"runnel.input.scale": "0.00392156862745098", "runnel.input.shape": "1x5x6"}, []),
    ("flatten, affine 7, sigmoid, dropout 0.5, affine 3", 5,
     {"runnel.input.scale": "0.5 -1.25 3 0.1 1e-3", "runnel.input.shift": "1 2 -3 0.25 0", "runnel.classes": NAMES}, ["--probabilities"]),
    ("batchnorm, affine 8, batchnorm 0.2 0.01, leaky_relu 0.2, affine 6, layernorm 0.01, tanh, mse", 9, {"runnel.input.shift": "-0.5"}, []),
    ("affine 9, elu 0.7, affine 6, gelu, affine 5, silu, affine 4, softplus, layernorm, affine 3, logistic", 4, {}, ["--probabilities"]),
    ("elu, gelu, silu, softplus, tanh, sigmoid, relu, leaky_relu", 6, {"runnel.input.scale": "4"}, []),
    ("affine 1, logistic", 3, {"runnel.input.scale": "2", "runnel.input.shift": "3", "runnel.classes": "no\nyes"}, []),
    ("layernorm, affine 1, batchnorm, huber", 1, {"runnel.input.scale": "3"}, []),
    ("dropout 0.5", 2, {}, []),
    # zeros, and all that is alike, are what rounding decides: the test must choose other inputs, or know how far they differ
    ("layernorm 1e-12, elu 0.7, layernorm", 20, {"runnel.input.scale": "0.8", "runnel.input.shift": "-0.83"}, []),
    ("softplus, layernorm 1e-12, affine 3, relu, tanh, layernorm, affine 4, mse", 17, {}, []),
    ("layernorm 1e-12, gelu, softplus", 1, {"runnel.input.scale": "2.03672"}, []),
]


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    return done.returncode, done.stdout


def must(*words, **more):
    status, output = run(*words, **more)
    if status:
        sys.exit(f"{' '.join(map(str, words))}: exit status {status}\n{output}")
    return output


def compilers(cc):
    """(name, command) of each way to compile: C99 and C++."""
    ways = [("C99", cc + ["-std=c99"])]
    other = "gcc" if "clang" in cc[-1] else "clang"
    if shutil.which(other):
        ways.append((f"C99, {other}", [other, "-std=c99"]))
    for name in "g++", "clang++":
        if shutil.which(name):
            ways.append((f"C++, {name}", [name, "-x", "c++", "-std=c++11"]))
    return ways


def small_machines():
    """those without an operating system, where they can be compiled for"""
    command = ["arm-none-eabi-gcc", "-std=c99", "-mthumb"]
    return [command + [f"-mcpu={cpu}"] for cpu in ("cortex-m0", "cortex-m4") if shutil.which(command[0])]


def contracting(cc):
    """what makes one instruction, which rounds once, of a * b + c"""
    return [word for word in ("-march=native", "-ffp-contract=fast")
            if run(*cc, word, "-x", "c", "-c", "-o", os.devnull, "-", stdin=subprocess.DEVNULL)[0] == 0]


class Export:
    def __init__(self, runnel, peer, cc, folder):
        self.runnel, self.peer, self.cc, self.folder = runnel, peer, cc, pathlib.Path(folder)

    def write(self, model, name, *options):
        printed = must(self.runnel, "export", model, "--to", "c", "--name", name, "--folder", self.folder, *options)
        for line in printed.splitlines():
            assert pathlib.Path(line).is_file(), line
        return self.folder / f"{name}.c"

    def compile(self, command, source, output="out.o"):
        path = self.folder / output
        must(*command, *STRICT, "-O2", "-c", source, "-o", path)
        return path

    def run_test(self, source, *more, cc=None):
        """(exit status, what is printed) of an export's own test; `more` goes to the compiler, which is the build's or cc"""
        program = self.folder / "program"
        test = source.with_name(source.stem + "_test.c")
        must(*(cc or self.cc), "-std=c99", "-O1", *STRICT[1:], test, source, *more, "-o", program)
        return run(program)

    def expect_clean(self, object_path, name):
        """Nothing but NAME_...; no data that is written to; nothing from outside but what compilers call by themselves."""
        for line in must("nm", object_path).splitlines():
            kind, symbol = line.split()[-2:]
            if kind == "U":
                assert symbol in ("memcpy", "memset", "memmove"), f"needs {symbol}"
            else:
                assert kind in "TtRr", line
                if kind in "TR":
                    assert symbol.startswith(name + "_"), line
                else: # C++ puts its own letters around it; compilers name constants ".LC0" and the like
                    assert name + "_" in symbol or symbol.startswith(".") or symbol.startswith("names"), line
        assert must("size", object_path).splitlines()[1].split()[1:3] == ["0", "0"], "data that is written to"


def size_of(tool, object_path):
    text, data, bss = map(int, must(tool, object_path).splitlines()[1].split()[:3])
    return text + data + bss


def check_layers(e):
    manual = (pathlib.Path(__file__).parents[2] / "docs/manual.md").read_text(encoding="utf-8")
    table = manual[manual.index("| layer | what it does |") : manual.index("| loss | what it is |")]
    known = set(re.findall(r"^\| `(\w+)[ `]", table, re.M))
    used = {item.split()[0] for description, *_ in NETWORKS for item in description.split(", ")}
    assert len(known) > 10
    assert not known - used, f"{known - used} is in no network of this test"
    ways, contract = compilers(e.cc), contracting(e.cc)
    for number, (description, inputs, notes, options) in enumerate(NETWORKS):
        for dtype in ("f32", "f64") if number in (1, 3, 9) else ("f32",):
            model = e.folder / "model.safetensors"
            pairs = [word for pair in notes.items() for word in pair]
            must(e.peer, "save", dtype, description, inputs, model, *pairs)
            for int8 in [], ["--quantize", "int8"]:
                name = f"net{number}{'q' if int8 else ''}"
                source = e.write(model, name, "--test-vectors", 20, *options, *int8)
                for way, command in ways if dtype == "f32" else []:
                    e.expect_clean(e.compile(command, source), name)
                for command in small_machines()[:1] if dtype == "f32" else []:
                    e.compile(command, source)
                for _, command in ways:
                    if "c++" in command:
                        continue
                    status, output = e.run_test(source, cc=command)
                    print(f"{description}, {dtype}{' in 8 bits' if int8 else ''}: {output.strip()}")
                    assert status == 0 and "20 samples agree" in output
                if dtype == "f32" and "layernorm" in description:
                    status, output = e.run_test(source, "-O3", *contract)
                    assert status == 0, f"compiled for this processor: {output}"
    print("compiled as", ", ".join(way for way, _ in ways))
    check_that_tests_fail(e)
    check_two_in_one(e)
    check_class_names(e)
    check_table(e)
    check_dark_on_light(e)
    check_large(e)
    check_nan(e)
    check_far(e)


def check_that_tests_fail(e):
    """One number is another, or no number: in the first of ten outputs, after which nine are right."""
    for name, wrong in ("net0", "0.75f"), ("net0q", "0.75f"), ("net0", "0.0f / 0.0f"):
        source = e.folder / f"{name}.c"
        text = source.read_text()
        at = text.index("= {", text.index("_b2["))
        source.write_text(text[:at] + re.sub(r"-?[0-9.e-]+f", wrong, text[at:], count=1))
        status, output = e.run_test(source)
        assert status == 1 and "differs by" in output, output
        source.write_text(text)


def check_two_in_one(e):
    main = e.folder / "both.c"
    main.write_text('#include "net0.h"\n#include "net1.h"\n#include "net1q.h"\n#include <stdio.h>\n'
                    "int main(void) {\n    static net0_workspace a; static net1_workspace b; static net1q_workspace c;\n"
                    "    static const float x[NET0_INPUTS]; float y[NET0_OUTPUTS];\n"
                    "    net0_predict(x, y, &a); net1_predict(x, y, &b); net1q_predict(x, y, &c);\n"
                    '    printf("%d %d\\n", net0_class(y), (int)NET0_WORKSPACE); return 0;\n}\n')
    program = e.folder / "both"
    must(*e.cc, "-std=c99", main, *(e.folder / f"{name}.c" for name in ("net0", "net1", "net1q")), "-o", program)
    must(program)


def check_class_names(e):
    main = e.folder / "names.c"
    main.write_text('#include "net1.h"\n#include <stdio.h>\n'
                    'int main(void) {\n    for (int i = 0; i < 3; i++) printf("%s%s", i ? "\\n" : "", net1_class_name(i));\n    return 0;\n}\n')
    must(*e.cc, "-std=c99", main, e.folder / "net1.c", "-o", e.folder / "names")
    assert must(e.folder / "names", encoding="utf-8") == NAMES


TABLE = """\
a*/b,"x/*y",$x@n\\,kind,price??/
1,2,,p*/,3
2,3,1,"q\\",4
3,4,2,p*/,5
4,1,5,\u00fc?,6
"""

INPUTS_OF_TABLE = """\
 * x: 6 finite numbers, a row of a table as it is stored (what training did to it is done inside):
 *     x[0]  a* /b; 2.5 where it is missing
 *     x[1]  x/ *y; 2.5 where it is missing
 *     x[2]  $x@n\\; 2.66666675 where it is missing
 *     x[3]  1 where kind is "p* /", else 0
 *     x[4]  1 where kind is "q\\", else 0
 *     x[5]  1 where kind is "\u00fc?", else 0
 * y: 1 number, the answer. The target is price? ?/.
"""


def check_table(e):
    """The header says which input is which; names from a table neither end a comment nor begin one."""
    (e.folder / "table.csv").write_text(TABLE, encoding="utf-8")
    must(e.runnel, "train", "--data", e.folder / "table.csv", "--target", "price??/", "--missing", "mean", "--net",
         "affine 4, tanh, affine 1, mse", "--iterations", 10, "--batch", 2, "--quiet", "--out",
         e.folder / "table.st")
    source = e.write(e.folder / "table.st", "prices")
    for _, command in compilers(e.cc):
        e.compile(command, source)
    assert INPUTS_OF_TABLE in (e.folder / "prices.h").read_text(encoding="utf-8")


ON_PAPER = r"""
#include "paper.h"
#include <stdio.h>
int main(void)
{
    static paper_workspace w;
    float x[PAPER_INPUTS], y[PAPER_OUTPUTS];
    for (int k = 0; k < 3; k++) {
        for (int j = 0; j < PAPER_INPUTS; j++)
            x[j] = j / 12 == k ? 5.0f : 250.0f;
        paper_predict(x, y, &w);
        printf("%.5f %.5f %.5f\n", (double)y[0], (double)y[1], (double)y[2]);
    }
    return 0;
}
"""


def check_dark_on_light(e):
    """Pictures that training inverted: the pixels as they are stored give what runnel predict gives."""
    make = pathlib.Path(__file__).parents[1] / "cli/cases/make.py"
    pictures = [e.folder / f"pictures/{k}/dark.png" for k in range(3)]
    for k, path in enumerate(pictures):
        path.parent.mkdir(parents=True)
        must(sys.executable, make, "png", path, 6, 6, k, "dark")
    look = subprocess.run([e.runnel, "data", e.folder / "pictures"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if "this build reads no PNG" in look.stderr:
        return
    must(e.runnel, "train", "--data", e.folder / "pictures", "--dark-on-light", "--net", "affine 8, relu, affine",
         "--iterations", 50, "--batch", 3, "--quiet", "--out", e.folder / "paper.st")
    source = e.write(e.folder / "paper.st", "paper", "--probabilities", "--test-vectors", 5)
    assert e.run_test(source)[0] == 0
    assert "dark on light" in source.with_suffix(".h").read_text()
    (e.folder / "on_paper.c").write_text(ON_PAPER)
    must(*e.cc, "-std=c99", e.folder / "on_paper.c", source, "-o", e.folder / "on_paper")
    theirs = [[float(word) for word in line.split()] for line in must(e.folder / "on_paper").splitlines()]
    answers = must(e.runnel, "predict", e.folder / "paper.st", *pictures, "--json").splitlines()
    for k, ours in enumerate(json.loads(line)["probabilities"] for line in answers):
        assert ours[k] > 0.5 and max(abs(a - b) for a, b in zip(ours, theirs[k])) < 2e-5, (ours, theirs[k])


LARGE = """1e30,-2e30,3e30
3e18,-1e18,-9e18
2e19,1e19,-3e19
1,2,4
1e-20,2e-20,-4e-20
"""

def check_nan(e):
    """NaN passes all activations, as in runnel's own."""
    must(e.peer, "save", "f32", "elu, gelu, silu, softplus, tanh, sigmoid, relu, leaky_relu, mse", 3, e.folder / "nan.st")
    source = e.write(e.folder / "nan.st", "large")
    (e.folder / "of_large.c").write_text(OF_LARGE % "{0.0f / 0.0f, 1, 1}")
    must(*e.cc, "-std=c99", e.folder / "of_large.c", source, "-o", e.folder / "of_large")
    first, second = map(float, must(e.folder / "of_large").split(","))
    assert math.isnan(first) and not math.isnan(second)


FAR = """\
when,size,late
100001.5,3,no
100003.25,-1,yes
99998.5,0.5,no
100002.125,-2.5,yes
"""

OF_LARGE = r"""
#include "large.h"
#include <stdio.h>
int main(void)
{
    static large_workspace w;
    static const float x[][LARGE_INPUTS] = {%s};
    float y[LARGE_OUTPUTS];
    for (unsigned i = 0; i < sizeof x / sizeof x[0]; i++) {
        large_predict(x[i], y, &w);
        printf("%%.9g,%%.9g\n", (double)y[0], (double)y[1]);
    }
    return 0;
}
"""


def check_large(e):
    """Layer normalisation of numbers whose squares are more than a float holds, or nearly so: as runnel computes it."""
    must(e.peer, "save", "f32", "layernorm, affine 2, mse", 3, e.folder / "large.st")
    source = e.write(e.folder / "large.st", "large")
    rows = ", ".join("{%s}" % row for row in LARGE.split())
    (e.folder / "large.csv").write_text(LARGE)
    (e.folder / "of_large.c").write_text(OF_LARGE % rows)
    must(*e.cc, "-std=c99", e.folder / "of_large.c", source, "-o", e.folder / "of_large")
    theirs = must(e.folder / "of_large").split()
    answers = must(e.runnel, "predict", e.folder / "large.st", e.folder / "large.csv").split()
    for line, row in zip(answers, theirs):
        ours, values = [float(word) for word in line.split(",")[3:]], [float(word) for word in row.split(",")]
        assert all(abs(a - b) <= 1e-5 for a, b in zip(ours, values)), (line, row)
    assert len(theirs) == len(LARGE.split())


def check_far(e):
    """Batch normalisation of numbers that are near to each other and far from 0, which a folded one would lose."""
    (e.folder / "far.csv").write_text(FAR)
    must(e.runnel, "train", "--data", e.folder / "far.csv", "--prepare", "none", "--net", "batchnorm, affine 2", "--batch", 4,
         "--iterations", 200, "--quiet", "--out", e.folder / "far.st")
    source = e.write(e.folder / "far.st", "large", "--probabilities", "--test-vectors", 5)
    for _, command in compilers(e.cc):
        e.compile(command, source)
    status, output = e.run_test(source)
    assert status == 0, output
    rows = ", ".join("{%s}" % line.rsplit(",", 1)[0] for line in FAR.splitlines()[1:])
    (e.folder / "of_large.c").write_text(OF_LARGE % rows)
    must(*e.cc, "-std=c99", e.folder / "of_large.c", source, "-o", e.folder / "of_large")
    answers = must(e.runnel, "predict", e.folder / "far.st", e.folder / "far.csv").splitlines()[1:]
    for line, row in zip(answers, must(e.folder / "of_large").split()):
        ours, theirs = line.split(",")[-2:], row.split(",")
        assert max(abs(float(a) - float(b)) for a, b in zip(ours, theirs)) <= 1e-6, (line, row)


MAIN = r"""
#include "digits.h"
#include "small.h"
#include <stdio.h>
int main(int argc, char **argv)
{
    static digits_workspace w;
    static small_workspace v;
    static unsigned char byte[DIGITS_INPUTS];
    float x[DIGITS_INPUTS], y[DIGITS_OUTPUTS], z[SMALL_OUTPUTS];
    FILE *pictures = fopen(argv[1], "rb"), *out = fopen(argv[2], "wb");
    if (argc < 3 || !pictures || !out || fread(byte, 1, 16, pictures) != 16)
        return 1;
    while (fread(byte, 1, sizeof byte, pictures) == sizeof byte) {
        for (int j = 0; j < DIGITS_INPUTS; j++)
            x[j] = byte[j];
        digits_predict(x, y, &w);
        small_predict(x, z, &v);
        fwrite(y, sizeof y, 1, out);
        fwrite(z, sizeof z, 1, out);
    }
    return fclose(out) != 0;
}
"""


def find_mnist(e):
    """(test pictures, their classes) as plain files; 77 where there are none"""
    folder = os.environ.get("RUNNEL_DATA", "")
    plain = []
    for stem in "t10k-images", "t10k-labels":
        found = [p for p in sorted(pathlib.Path(folder).glob(f"{stem}*idx?-ubyte*")) if folder]
        if not found:
            print("skipped: RUNNEL_DATA names no folder with MNIST")
            sys.exit(77)
        content = found[0].read_bytes()
        if found[0].suffix == ".gz":
            import gzip
            content = gzip.decompress(content)
        plain.append(e.folder / f"{stem}.idx")
        plain[-1].write_bytes(content)
    return plain


def check_mnist(e):
    import numpy as np
    pictures, labels = find_mnist(e)
    model = e.folder / "m.safetensors"
    must(e.runnel, "train", "--data", os.environ["RUNNEL_DATA"], "--iterations", 1200, "--quiet", "--out", model,
         "--net", "affine 50, relu, affine 10", env=dict(os.environ, HOME=str(e.folder)))
    digits, small = e.write(model, "digits"), e.write(model, "small", "--quantize", "int8")
    (e.folder / "main.c").write_text(MAIN)
    must(*e.cc, "-std=c99", "-O2", e.folder / "main.c", digits, small, "-o", e.folder / "main")
    must(e.folder / "main", pictures, e.folder / "theirs")
    must(e.peer, "logits", model, pictures, e.folder / "ours")
    ours = np.fromfile(e.folder / "ours", np.float32).reshape(-1, 10)
    theirs = np.fromfile(e.folder / "theirs", np.float32).reshape(-1, 20)
    classes = np.frombuffer(labels.read_bytes(), np.uint8)[8:]
    assert len(ours) == len(theirs) == len(classes) == 10000
    difference = np.max(np.abs(ours - theirs[:, :10]))
    accuracy = [100 * np.mean(np.argmax(y, axis=1) == classes) for y in (ours, theirs[:, :10], theirs[:, 10:])]
    print(f"10,000 test pictures: logits up to {np.max(np.abs(ours)):.1f} differ by at most {difference:.1e}")
    print("accuracy of runnel, the C export, and that in 8 bits: {:.2f} %, {:.2f} %, {:.2f} %".format(*accuracy))
    assert np.max(np.abs(ours)) > 1 and difference <= 1e-5
    assert accuracy[0] > 85 and accuracy[1] == accuracy[0]
    assert accuracy[2] >= accuracy[0] - 0.2
    for prefix, command in [("", e.cc + ["-std=c99"])] + [("arm-none-eabi-", command) for command in small_machines()[1:]]:
        sizes = [size_of(prefix + "size", e.compile(command, source)) for source in (digits, small)]
        print(f"{command[0]} -O2: {sizes[0]} bytes; in 8 bits {sizes[1]}, {100 * sizes[1] / sizes[0]:.1f} %")
        assert sizes[1] <= 0.3 * sizes[0]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        {"layers": check_layers, "mnist": check_mnist}[sys.argv[1]](Export(sys.argv[2], sys.argv[3], sys.argv[4:], temporary))
