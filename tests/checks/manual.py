"""manual.py - docs/manual.md and docs/files.md say what the program says

    manual.py SOURCE_ROOT PROGRAM

Each verb of `runnel --help` has a section `## runnel VERB` whose table of options is that of `runnel VERB
--help`: the same names, arguments and defaults, or those of another verb that it names. `runnel ...` in the
documents' commands uses verbs and options that exist, and what a ```console block shows is what comes. --json
prints the keys that files.md lists. Environment variables and notes ("runnel.*" keys) that the sources know stand there, and no others.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from documents import blocks, documents


def run_help(program, *verb):
    run = subprocess.run([program, *verb, "--help"], capture_output=True, text=True,
                         env={"HOME": "/nowhere", "PATH": os.environ["PATH"]})
    if run.returncode:
        sys.exit(f"{program} {' '.join(verb)} --help ended with {run.returncode}: {run.stderr}")
    return run.stdout


def verbs_of(program):
    return re.findall(r"^  ([a-z]+) {2,}\S", run_help(program), flags=re.M)


def options_of(text):
    """{name: (argument, default)} from a help text"""
    options = {}
    for chunk in re.split(r"\n(?=  --)", text)[1:]:
        head, _, rest = chunk.partition("\n")
        match = re.match(r"  --([\w-]+)(?: (\S+))?(?:  +(.*))?$", head)
        words = " ".join(((match[3] or "") + " " + rest).split("\n\n")[0].split())
        default = re.search(r"\(default: (.*)\)$", words)
        options[match[1]] = (match[2] or "", default[1] if default else "")
    return options


def manual_options(section):
    """the same from the manual's table: | `--name ARGUMENT` | default | ... |"""
    options = {}
    for name, argument, default in re.findall(r"^\| `--([\w-]+)(?: ([^`]+))?` \| ([^|]*?) *\|",
                                              section.replace(r"\|", "\0"), flags=re.M):
        options[name] = (argument.replace("\0", "|"), default.strip("`").replace("\0", "|"))
    return options


def check_options(program, manual):
    sections = dict(re.findall(r"^## runnel (\w+)\n(.*?)(?=^## |\Z)", manual, flags=re.M | re.S))
    verbs = verbs_of(program)
    if not verbs:
        yield "no verbs found in runnel --help"
    for verb in sorted(set(sections) - set(verbs)):
        yield f"describes runnel {verb}, which is no verb"
    for verb in verbs:
        if verb not in sections:
            yield f"has no section \"## runnel {verb}\""
            continue
        help_text = run_help(program, verb)
        real, told = options_of(help_text), manual_options(sections[verb])
        others = re.search(r"the options of \[runnel (\w+)\].*?, but for (.*?)\n\n", sections[verb], flags=re.S)
        if others:  # the rows there count here, too
            left_out = re.findall(r"`--([\w-]+)`", others[2])
            there = manual_options(sections[others[1]])
            for name in sorted(set(left_out) - set(there)):
                yield f"runnel {verb}: has --{name} of runnel {others[1]} left out, which is no option there"
            told = {name: row for name, row in there.items() if name not in left_out} | told
        real.pop("help", None)
        for name in sorted(set(real) - set(told)):
            yield f"runnel {verb}: leaves out --{name}"
        for name in sorted(set(told) - set(real)):
            yield f"runnel {verb}: describes --{name}, which is no option"
        for name in sorted(set(real) & set(told)):
            if name == "backend":  # a build may lack one
                agree = set(real[name][0].split("|")) <= set(told[name][0].split("|"))
            else:
                agree = real[name] == told[name]
            if not agree:
                yield f"runnel {verb}: --{name} is {told[name]}, but --help says {real[name]}"
        synopsis = re.search(r"^usage: (.*)$", help_text, flags=re.M)[1]
        if synopsis not in sections[verb]:
            yield f"runnel {verb}: leaves out its usage, \"{synopsis}\""


def commands_of(line):
    """its commands, as lists of words; | and the like part them where they are not quoted"""
    words = shlex.shlex(line, posix=True, punctuation_chars="|;&")
    words.whitespace_split = True
    commands = [[]]
    for word in words:
        if set(word) <= set("|;&"):
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def check_commands(program, root):
    known = {verb: set(options_of(run_help(program, verb))) for verb in verbs_of(program)}
    for path in documents(root):
        for number, language, code in blocks(path.read_text(encoding="utf-8")):
            if language != "sh":
                continue
            for line in code.replace("\\\n", " ").splitlines():
                for words in commands_of(line):
                    if words[:1] == ["sudo"]:
                        words = words[1:]
                    if len(words) < 2 or not re.fullmatch(r"(\S*/)?runnel", words[0]):
                        continue
                    verb, where = words[1], f"{path.name}:{number}"
                    if verb in ("--help", "--version", "VERB"):
                        continue
                    if verb not in known:
                        yield f"{where}: {verb} is no verb"
                        continue
                    for option in re.findall(r"--([\w-]+)", " ".join(words[2:])):
                        if option not in known[verb] | {"help"}:
                            yield f"{where}: runnel {verb} has no option --{option}"


def check_sessions(program, root):
    """```console blocks: commands after "$ " and what they print; run in an empty folder"""
    for path in documents(root):
        for number, language, code in blocks(path.read_text(encoding="utf-8")):
            if language != "console":
                continue
            for session in re.split(r"^\$ ", code, flags=re.M)[1:]:
                command, _, expected = session.partition("\n")
                with tempfile.TemporaryDirectory() as folder:
                    env = {"HOME": folder, "PATH": os.path.dirname(os.path.abspath(program)) + ":/usr/bin:/bin"}
                    run = subprocess.run(command, shell=True, cwd=folder, env=env, text=True, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                if run.stdout.rstrip() != expected.rstrip():
                    yield f"{path.name}:{number}: $ {command}\nexpected:\n{expected}found:\n{run.stdout}"


def words_of(value):
    """(the keys, the strings) in a JSON value, but not in notes and values, whose keys are the user's"""
    keys, strings = set(), {value} if isinstance(value, str) else set()
    if isinstance(value, dict):
        keys = set(value)
        value = [inner for key, inner in value.items() if key not in ("notes", "values")]
    for inner in value if isinstance(value, list) else []:
        more_keys, more_strings = words_of(inner)
        keys |= more_keys
        strings |= more_strings
    return keys, strings


def check_json(program, root, files):
    """a row of the table in files.md for each verb with --json: its keys in backticks"""
    data = ["--data", "strokes", "--quiet", "--json"]
    table = files.split("## JSON output")[-1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*`.*) \|$", table, flags=re.M))
    shown = {}
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "pictures").write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 3, 16]) + bytes(784))
        pathlib.Path(folder, "numbers.csv").write_text("x,y\n" + "".join(f"{i},{i * i}.5\n" for i in range(90)))
        few = [*data, "--limit", "200", "--test-limit", "50", "--batch", "20", "--iterations"]
        for words in (["train", *few, "100", "--lr", "1000", "--checkpoint", "run.ckpt"],
                      ["train", *few, "5", "--lr", "1e-30", "--validation", "0.2", "--eval-every", "1", "--patience", "1"],
                      ["train", *few, "5", "--lr", "1e-30", "--validation", "0.2", "--eval-every", "3", "--keep-best"],
                      ["sweep", *data, "--limit", "200", "--batch", "20", "--iterations", "5", "--try", "lr=0.1 | 0.2"],
                      ["eval", "model.safetensors", *data, "--limit", "50", "--top-k", "3"],
                      ["predict", "model.safetensors", "pictures", "--json"],
                      ["train", "--data", "numbers.csv", "--quiet", "--json", "--iterations", "5", "--test-share", "0.2",
                       "--validation", "0.2", "--out", "numbers.safetensors"],
                      ["eval", "numbers.safetensors", "--quiet", "--json"],
                      ["predict", "numbers.safetensors", "numbers.csv", "--limit", "2", "--json"],
                      ["gradcheck", *data, "--net", "affine 2, relu, affine"],
                      ["inspect", "model.safetensors", "--json"],
                      ["export", "model.safetensors", "--json"],
                      ["data", "numbers.csv", "--test-share", "0.2", "--json"],
                      ["bench", *data, "--limit", "200", "--rounds", "1", "--seconds", "0.01"]):
            run = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            new = words_of([json.loads(line) for line in run.stdout.splitlines()])
            shown[words[0]] = tuple(a | b for a, b in zip(new, shown.get(words[0], (set(), set()))))
            if not new[0]:
                yield f"runnel {words[0]} --json printed nothing: {run.stderr}"
    for verb in sorted(set(shown) | set(rows)):
        keys, strings = shown.get(verb, (set(), set()))
        told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", rows.get(verb, "")))))
        for key in sorted(keys - told):
            yield f"JSON output of {verb}: leaves out {key}"
        for key in sorted(told - keys - strings):
            yield f"JSON output of {verb}: describes {key}, which does not come"


def check_words(root, manual, files):
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "src").rglob("*.[ch]")))
    for what, used, told in [
        ("environment variable", re.findall(r'(?:getenv|env_folder)\("(\w+)"\)', code),
         re.findall(r"^\| `([A-Z][A-Z_]+)` \|", manual, flags=re.M)),
        ("note", set(re.findall(r'"(runnel\.[a-z][\w.]*)"', code)) - {"runnel.h"}
         | {"runnel." + name for name in re.findall(r'\bNOTE\("(\w+)"', code)},
         re.findall(r"^\| `(runnel\.[\w.]+)` \|", files, flags=re.M)),
    ]:
        for name in sorted(set(used) - set(told)):
            yield f"leaves out the {what} {name}"
        for name in sorted(set(told) - set(used)):
            yield f"describes the {what} {name}, which the sources do not know"


if __name__ == "__main__":
    root, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    text, files = ((root / "docs" / name).read_text(encoding="utf-8") for name in ("manual.md", "files.md"))
    found = [f"docs/manual.md: {words}" for words in check_options(program, text)]
    found += [f"docs/manual.md or files.md: {words}" for words in [*check_words(root, text, files),
                                                                   *check_json(os.path.abspath(program), root, files)]]
    found += [*check_commands(program, root), *check_sessions(program, root)]
    print("\n".join(found) or "the manual says what the program says")
    sys.exit(bool(found))
