"""report.py - the results as tables that read well as text and as Markdown, and as JSON"""
import json
import statistics

from .rounds import DISTURBED, ratios, spread
from .workloads import ALL


def table(head, rows):
    """Aligned Markdown; the first column to the left, the others to the right."""
    cells = [head] + [[str(cell) for cell in row] for row in rows]
    width = [max(len(row[k]) for row in cells) for k in range(len(head))]

    def line(row):
        parts = [row[0].ljust(width[0])] + [c.rjust(w) for c, w in zip(row[1:], width[1:])]
        return "| " + " | ".join(parts) + " |"

    rule = "|" + "|".join(["-" * (width[0] + 2)] + ["-" * (w + 1) + ":" for w in width[1:]]) + "|"
    return "\n".join([line(head), rule] + [line(row) for row in cells[1:]])


def number(value):
    """Three digits that count, thousands apart."""
    if value is None:
        return "-"
    if abs(value) >= 1000:
        digits = len(str(int(abs(value))))
        return f"{round(value, 3 - digits):,.0f}"
    return f"{value:.3g}" if abs(value) >= 100 else f"{value:.2f}"


def percent(value):
    return "-" if value is None else f"{100 * value:.0f} %"


def _sorted(workload, rows):
    able = sorted((r for r in rows if r.rates and not r.failure), key=lambda r: -r.median())
    return able + [r for r in rows if r not in able]


def race(key, rows, peak=None):
    """One workload: a row for each contestant, the fastest first."""
    workload = ALL[key]
    runnel = next((r for r in rows if r.key == "runnel" and r.rates), None)
    lines = []
    for row in _sorted(workload, rows):
        if row.failure or not row.rates:
            lines.append([row.contestant, "failed", "", "", "", ""])
            continue
        shown = sorted(workload.show(rate) for rate in row.rates)
        times = "-"
        if runnel and row is not runnel:
            times = f"{statistics.median(ratios(runnel, row)):.2f}"
        accuracy = "-" if row.accuracy is None else f"{100 * row.accuracy:.1f} %"
        lines.append([row.contestant, number(workload.show(row.median())),
                      f"{number(shown[0])} - {number(shown[-1])}", times,
                      number(row.installed_rate and workload.show(row.installed_rate)),
                      accuracy + ("" if row.right else " WRONG")])
    text = [f"### {workload.title}", ""]
    text.append(table(["", f"median, {workload.unit}", "least - most", "runnel is faster by",
                       "as installed", "test accuracy"], lines))
    text.append("")
    for row in rows:
        text.append(f"- {row.contestant}: {row.choice}" + (f" ({row.note})" if row.note else ""))
    for row in rows:
        if row.failure:
            text.append(f"\n{row.contestant} failed: {row.failure}")
    if peak and runnel and workload.useful_flop:
        rate = runnel.median() * workload.useful_flop * 1e-9
        text.append(f"\nrunnel's useful operations: {rate:.0f} GFLOP/s, {100 * rate / peak:.0f} % of "
                    f"the {peak:.0f} GFLOP/s of a large product measured between the rounds.")
    disturbed = sum(o > DISTURBED for row in rows for o in row.others)
    if disturbed:
        total = sum(len(row.others) for row in rows)
        text.append(f"\n{disturbed} of {total} measurements ran while other programs used more than "
                    f"{DISTURBED:.0%} of a core.")
    return "\n".join(text)


def start_table(start, rows):
    memory = {r.key: r.peak_kb for r in rows if r.peak_kb}
    lines = []
    for row in sorted(start, key=lambda r: statistics.median(r["seconds"]) if r["seconds"] else 1e9):
        seconds = [1000 * s for s in row["seconds"]]
        lines.append([row["contestant"], number(statistics.median(seconds)) if seconds else "failed",
                      f"{number(min(seconds))} - {number(max(seconds))}" if seconds else "",
                      number(memory[row["key"]] / 1024) if row["key"] in memory else "-"])
    return "### From the start of the process to the first update, and memory\n\n" + table(
        ["", "median, ms", "least - most", "peak memory of the default run, MiB"], lines)


def scaling_tables(rows, bits):
    titles = {"threads_small": "threads, 784-50-10, batch 100",
              "threads_large": "threads, 784-1024-1024-10, batch 128",
              "batch": "batch size, 784-50-10", "width": "hidden width, 784-N-10, batch 100"}
    text = ["### Training, samples a second, over threads, batch size and width"]
    for axis, title in titles.items():
        names = list(dict.fromkeys(r["contestant"] for r in rows if r["axis"] == axis))
        values = list(dict.fromkeys(r["value"] for r in rows if r["axis"] == axis))
        median = {(r["contestant"], r["value"]): statistics.median(r["rates"])
                  for r in rows if r["axis"] == axis and r["rates"]}
        lines = [[value] + [number(median.get((name, value))) for name in names] for value in values]
        if axis.startswith("threads") and median:
            one = median.get((names[0], 1))
            for line, value in zip(lines, values):
                line.append(f"{median[names[0], value] / one:.2f}" if one else "-")
            names = names + ["times one thread"]
        if lines:
            text.append(table([title] + names, lines))
    if bits:
        same = len(set(bits.values())) == 1
        text.append("The same parameters, bit for bit, on " + ", ".join(map(str, bits)) + " threads: "
                    + ("yes." if same else "NO."))
    return "\n\n".join(text)


def _threads(count):
    return f"{count} thread" + ("s" if count > 1 else "")


def kernel_table(rows, peak):
    """A column for each backend and number of threads."""
    columns = list(dict.fromkeys((r["backend"], r["threads"]) for r in rows))
    text = ["### Kernels"]
    for unit, title in (("gflops", "GFLOP/s (of the peak)"), ("gbytes", "GB/s")):
        lines = {}
        for r in rows:
            if r["unit"] == unit:
                at = r["kernel"], f'{r["n"]} x {r["in"]} x {r["out"]}'
                share = f' ({percent(r["of_peak"])})' if "of_peak" in r else ""
                lines.setdefault(at, {})[r["backend"], r["threads"]] = number(r["value"]) + share
        text.append(table([title, "n x in x out"] + [f"{b}, {_threads(t)}" for b, t in columns],
                          [list(at) + [found.get(c, "same") for c in columns]
                           for at, found in lines.items()]))
    said = ", ".join(f"{value:.0f} GFLOP/s on {_threads(threads)}" for threads, value in peak.items())
    if said:
        text.append(f"Peak: oneDNN's product of two squares of 1000: {said}.")
    return "\n\n".join(text)


def summary(races):
    """The table for a README: a row for each contestant, a column for each race."""
    keys = [key for key, rows in races.items() if any(r.rates for r in rows)]
    names = list(dict.fromkeys(r.contestant for key in keys for r in races[key]))
    lines = []
    for name in names:
        line = [name]
        for key in keys:
            row = next((r for r in races[key] if r.contestant == name and r.rates), None)
            line.append(number(ALL[key].show(row.median())) if row else "-")
        lines.append(line)
    return table(["medians"] + [ALL[key].short for key in keys], lines) if keys else ""


def busy_table(rows):
    names = list(dict.fromkeys(r["contestant"] for r in rows))
    counts = sorted({r["burners"] for r in rows})
    median = {(r["contestant"], r["burners"]): statistics.median(r["rates"])
              for r in rows if r["rates"]}
    lines = []
    for name in names:
        idle = median.get((name, 0))
        line = [name, number(idle)]
        for count in counts[1:]:
            rate = median.get((name, count))
            line += [number(rate), percent(rate / idle) if rate and idle else "-"]
        lines.append(line)
    head = ["samples/s beside busy processes", "none"]
    for count in counts[1:]:
        head += [str(count), "of none"]
    return "### Training 784-50-10 beside other programs\n\n" + table(head, lines)


def machine_text(about, probes, coretype):
    text = [f'{about["processor"]}, {about["cores"]} cores, {" ".join(about["flags"])}; '
            f'caches {", ".join(f"{k} {v}" for k, v in about["caches"].items())}; '
            + ("a virtual machine; " if about["virtual_machine"] else "")
            + f'{about["system"]}, Linux {about["kernel"]}; load before the run '
            f'{about["load_before"]:.2f}; {about["date"]}; runnel {about["runnel_commit"]}.',
            ", ".join(f"{name} {version}" for name, version in about["packages"].items()) + "."]
    said = []
    for value, found in probes.items():
        name = f"OPENBLAS_CORETYPE={value}" if value else "as installed"
        kernels = "/".join(str(k) for k in found.get("kernels", []) if k)
        said.append(f"{name}: {found['failure']}" if "failure" in found else
                    f"{name} ({kernels}) {found['gflops']:.0f}" + ("" if found["right"] else " WRONG"))
    if said:
        text.append(f"OpenBLAS, large product in numpy, GFLOP/s: {'; '.join(said)}. "
                    f"Used below: {coretype or 'as installed'}.")
    return "\n\n".join(text)


def as_json(results):
    """results: the run's dictionary, with Row objects in it."""
    def plain(value):
        if hasattr(value, "__dict__"):
            return dict(value.__dict__)
        raise TypeError(type(value).__name__)

    def with_summary(row):
        out = dict(row.__dict__, right=row.right)
        if row.rates:
            out |= {"median": row.median(), "spread": spread(row.rates)}
            runnel = next((r for r in results["races"][row.workload]
                           if r.key == "runnel" and r.rates), None)
            if runnel and len(runnel.rates) == len(row.rates):
                pairs = ratios(runnel, row)
                out |= {"runnel_is_faster_by": statistics.median(pairs),
                        "ratio_least": min(pairs), "ratio_most": max(pairs)}
        return out

    races = {key: [with_summary(row) for row in rows] for key, rows in results["races"].items()}
    return json.dumps(results | {"races": races}, indent=1, default=plain) + "\n"
