"""documents.py - what the documents say is there, is there

    documents.py SOURCE_ROOT COMPILER...

Links lead somewhere; paths and names of ours in `backticks` exist; C examples compile; commands name
scripts, build options and programs that exist; README.ko.md shows the same code as README.md.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

CODE = {".c", ".h", ".inc", ".in", ".py", ".build"}
FOREIGN = {"load_state_dict"}  # names of others that our documents mention
ROOMS = r"(?:src|tests|docs|scripts|examples|include|bench|\.ci)"


def documents(root):
    yield from sorted(root.glob("*.md"))
    for room in ("docs", "bench", "examples", "tests"):
        yield from sorted((root / room).rglob("*.md"))


def blocks(text):
    """(line number, language, code) of each fenced block"""
    for fence in re.finditer(r"^```(\w*)\n(.*?)^```$", text, flags=re.M | re.S):
        yield text.count("\n", 0, fence.start()) + 1, fence[1], fence[2]


def prose(text):
    return re.sub(r"^```.*?^```$", lambda m: "\n" * m[0].count("\n"), text, flags=re.M | re.S)


def anchors(text):
    """as GitHub makes them from headings"""
    for heading in re.findall(r"^#+ +(.+)$", prose(text), flags=re.M):
        yield re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def check_links(path, text, root):
    for number, line in enumerate(prose(text).splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line) + re.findall(r'src="([^"]+)"', line):
            if re.match(r"\w+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = path.parent / name if name else path
            if not file.exists():
                yield f"{number}: the link {target} leads nowhere"
            elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
                yield f"{number}: {file.name} has no heading for #{anchor}"


def check_names(text, root, code):
    made = (root / ".gitignore").read_text(encoding="utf-8").split() if (root / ".gitignore").exists() else []
    for number, line in enumerate(prose(text).splitlines(), 1):
        for word in re.findall(r"`([^`]+)`", line):
            not_there_yet = re.search(r"\b(NAME|VERB|STEP)\b", word) or "/" + word in made
            if re.fullmatch(ROOMS + r"/[\w/.*-]*", word) and not not_there_yet and not list(root.glob(word.rstrip("/"))):
                yield f"{number}: there is no {word}"
            for name in re.findall(r"(?<![\w/.-])[A-Za-z]+(?:_[a-zA-Z0-9]+)+(?![\w.]*\w)", word):
                if name not in FOREIGN and not re.search(rf"\b{name}\b", code):
                    yield f"{number}: {name} is nowhere in the sources"


def check_c(text, root, compiler):
    for number, language, code in blocks(text):
        if language not in ("c", "cpp"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "example.c")
            file.write_text(code, encoding="utf-8")
            run = subprocess.run([*compiler, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                                  f"-I{root / 'include'}", f"-I{root / 'src'}", str(file)],
                                 capture_output=True, text=True)
        if run.returncode:
            yield f"{number}: this example does not compile:\n{run.stderr}"


def check_commands(text, root):
    options = (root / "meson_options.txt").read_text(encoding="utf-8")
    for number, language, code in blocks(text):
        if language != "sh":
            continue
        for line in code.splitlines():
            for name in re.findall(r"(?:^|[ ;])((?:scripts|\.ci|bench|examples)/[\w./-]+)", line):
                if not (root / name).exists():
                    yield f"{number}: there is no {name}"
            if "meson " in line:
                for name in re.findall(r"-D(\w+)=", line):
                    if f"option('{name}'" not in options and name not in ("buildtype", "prefix", "b_sanitize"):
                        yield f"{number}: meson_options.txt has no {name}"


def check_layers(root):
    """each layer and loss has its section in layers.md or further_layers.md, named as its file, its row in the last
    table of layers.md, and in the manual"""
    header, layers, further, manual = ((root / name).read_text(encoding="utf-8") for name in (
        "include/runnel.h", "docs/layers.md", "docs/further_layers.md", "docs/manual.md"))
    network = manual.split("## The network in text")[-1].split("\n## ")[0]
    for path in sorted((root / "src" / "layers").glob("*.c")):
        kind = re.search(r"^const rnl_(?:layer|loss)_type \w+ = \{\s*\.name = \"(\w+)\"",
                         path.read_text(encoding="utf-8"), flags=re.M)
        if not kind:
            continue
        if not re.search(rf"^## {path.stem}$", layers + further, flags=re.M):
            yield f"docs/layers.md, further_layers.md: src/layers/{path.name} has no section \"## {path.stem}\""
        if not re.search(rf"\| \[{path.stem}\]\([\w.]*#{path.stem}\) \| `src/layers/{path.name}` \|", layers):
            yield f"docs/layers.md: src/layers/{path.name} is not in the last table"
        if not re.search(rf"^\| `{kind[1]}\b", network, flags=re.M):
            yield f"docs/manual.md: \"The network in text\" leaves out {kind[1]}"
        if not re.search(rf"^ \*     {kind[1]}\b", header, flags=re.M):
            yield f"include/runnel.h: section 3 leaves out {kind[1]}"


def check_twins(root):
    english, korean = ((root / name).read_text(encoding="utf-8") for name in ("README.md", "README.ko.md"))
    # comments and messages in code may be in another language; the commands and the C may not
    code = [[(language, re.sub(r"/\*.*?\*/|(?<=\s)#[^\n]*", "", body, flags=re.S)) for _, language, body in blocks(text)]
            for text in (english, korean)]
    if [language for language, _ in code[0]] != [language for language, _ in code[1]]:
        yield "README.ko.md: has other code blocks than README.md"
    for one, two in zip(*code):
        if one != two:
            yield f"README.ko.md: differs from README.md in this block:\n{two[1]}"
    levels = [re.findall(r"^(#+) ", prose(text), flags=re.M) for text in (english, korean)]
    if levels[0] != levels[1]:
        yield "README.ko.md: has other headings than README.md"
    rows = [len(re.findall(r"^\|", prose(text), flags=re.M)) for text in (english, korean)]
    if rows[0] != rows[1]:
        yield f"README.ko.md: has {rows[1]} table rows, README.md {rows[0]}"


def complaints(root, compiler):
    code = "".join(path.read_text(encoding="utf-8", errors="replace") for room in ("include", "src", "bench", "examples")
                   for path in sorted((root / room).rglob("*"))
                   if path.is_file() and (path.suffix in CODE or path.suffix == ""))
    for path in documents(root):
        text = path.read_text(encoding="utf-8")
        for found in [*check_links(path, text, root), *check_names(text, root, code),
                      *check_c(text, root, compiler), *check_commands(text, root)]:
            yield f"{path.relative_to(root)}:{found}"
    yield from check_layers(root)
    yield from check_twins(root)


if __name__ == "__main__":
    found = list(complaints(pathlib.Path(sys.argv[1]), sys.argv[2:]))
    print("\n".join(found) or "the documents are true, as far as a script can tell")
    sys.exit(bool(found))
