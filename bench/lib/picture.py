"""picture.py - the same results as one picture (matplotlib)"""
import statistics

from .workloads import ALL

RUNNEL, PEER = "#1f6f8b", "#b8c4cc"
LINES = {"runnel": RUNNEL, "PyTorch": "#d1603d", "numpy": "#8a8f94"}


def draw(results, paths):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    races = [(key, [r for r in rows if r.rates]) for key, rows in results["races"].items()]
    races = [(key, rows) for key, rows in races if rows]
    axes_wanted = [axis for axis in ("batch", "width")
                   if any(r["axis"] == axis and r["rates"] for r in results.get("scaling", []))]
    panels = len(races) + len(axes_wanted)
    if not panels:
        return False
    across = 2
    down = (panels + across - 1) // across
    figure, grid = plt.subplots(down, across, figsize=(13, 2.9 * down), squeeze=False)
    spots = [spot for line in grid for spot in line]
    for spot in spots[panels:]:
        spot.axis("off")
    for spot, (key, rows) in zip(spots, races):
        _bars(spot, ALL[key], rows)
    for spot, axis in zip(spots[len(races):], axes_wanted):
        _lines(spot, axis, [r for r in results["scaling"] if r["axis"] == axis and r["rates"]])
    about = results["machine"]
    figure.suptitle(f'runnel beside its peers: {about["processor"]}, {about["cores"]} cores, '
                    f'{about["date"][:10]}', fontsize=12)
    figure.tight_layout(rect=(0, 0, 1, 0.98))
    for path in paths:
        figure.savefig(path, dpi=110)
    plt.close(figure)
    return True


def _bars(spot, workload, rows):
    """The best above; a thin line from the least to the most of the rounds."""
    rows = sorted(rows, key=lambda row: row.median())
    middle = [workload.show(row.median()) for row in rows]
    least = [min(workload.show(rate) for rate in row.rates) for row in rows]
    most = [max(workload.show(rate) for rate in row.rates) for row in rows]
    spot.barh(range(len(rows)), middle, color=[RUNNEL if r.is_runnel else PEER for r in rows])
    spot.hlines(range(len(rows)), least, most, color="black", linewidth=1)
    spot.set_yticks(range(len(rows)), [r.contestant for r in rows])
    longest = max(most)
    for k, value in enumerate(middle):
        text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
        spot.text(most[k] + 0.01 * longest, k, " " + text, va="center", fontsize=8)
    spot.set_xlim(0, 1.15 * longest)
    direction = "longer bars are better" if workload.higher_is_better else "shorter bars are better"
    spot.set_title(workload.title, fontsize=10)
    spot.set_xlabel(f"{workload.unit} ({direction})", fontsize=8)
    spot.tick_params(labelsize=8)
    for side in ("top", "right"):
        spot.spines[side].set_visible(False)


def _lines(spot, axis, rows):
    for name in dict.fromkeys(r["contestant"] for r in rows):
        own = sorted((r["value"], statistics.median(r["rates"])) for r in rows
                     if r["contestant"] == name)
        spot.plot([value for value, _ in own], [rate for _, rate in own], marker="o", label=name,
                  color=LINES.get(name))
    spot.set_xscale("log")
    spot.set_yscale("log")
    values = sorted({r["value"] for r in rows})
    spot.set_xticks(values, [str(value) for value in values])
    spot.minorticks_off()
    spot.set_title("Training 784-50-10 over batch size" if axis == "batch"
                   else "Training 784-N-10, batch 100, over the width N", fontsize=10)
    spot.set_ylabel("samples/s", fontsize=8)
    spot.tick_params(labelsize=8)
    spot.legend(fontsize=8, frameon=False)
    for side in ("top", "right"):
        spot.spines[side].set_visible(False)
