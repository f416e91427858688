"""selftest.py - the checks can fail: each finds the mistake that is planted in a small tree

    selftest.py
"""
import pathlib
import sys
import tempfile

import documents
import lengths
import manual
import rooms

ARCHITECTURE = """
| room | what lives there | may use | libraries |
|---|---|---|---|
| `src/base/` | ... | - | - |
| `src/data/` | ... | base | zlib |
"""


def tree(folder, files):
    for name, text in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return pathlib.Path(folder)


def rooms_of(files):
    with tempfile.TemporaryDirectory() as folder:
        right = {"docs/architecture.md": ARCHITECTURE, "src/base/a.h": "#include <stdio.h>\n",
                 "src/data/b.c": '#include "base/a.h"\n#include <zlib.h>\n'}
        return list(rooms.complaints(tree(folder, right | files)))


def document(text, code="rnl_there"):
    with tempfile.TemporaryDirectory() as folder:
        root = tree(folder, {"a.md": text, "b.md": "# Here and there\n", "src/x.c": "",
                             "meson_options.txt": "option('zlib')"})
        return [*documents.check_links(root / "a.md", text, root), *documents.check_names(text, root, code),
                *documents.check_c(text, root, ["cc"]), *documents.check_commands(text, root)]


def lines(count):
    with tempfile.TemporaryDirectory() as folder:
        root = tree(folder, {"src/long.c": "int x;\n" * count})
        return [path for path in lengths.sources(root) if len(path.read_bytes().splitlines()) > lengths.LIMIT]


HELP = """usage: runnel train [OPTION...]

About it.

  --lr NUMBER             How far
                          (default: 0.1)
  --kind one|two          What (default: one)
  --help                  This text
"""

EXPECTED = [  # what -> should something be found?
    ("rooms, all right", rooms_of({}), False),
    ("a room below", rooms_of({"src/base/a.h": '#include "data/b.h"\n', "src/data/b.h": ""}), True),
    ("a library of another room", rooms_of({"src/base/a.h": "#include <zlib.h>\n"}), True),
    ("an unknown library", rooms_of({"src/base/a.h": "#include <surprise.h>\n"}), True),
    ("a header that is not there", rooms_of({"src/data/b.c": '#include "base/c.h"\n'}), True),
    ("a room without a row", rooms_of({"src/attic/a.c": ""}), True),
    ("500 lines", lines(500), False),
    ("501 lines", lines(501), True),
    ("a document, all right",
     document("[b](b.md#here-and-there) `src/x.c` `rnl_there`\n```c\nint x;\n```\n```sh\nmeson setup b -Dzlib=disabled\n```\n"),
     False),
    ("a dead link", document("[b](c.md)\n"), True),
    ("a heading that is not there", document("[b](b.md#nowhere)\n"), True),
    ("a file that is not there", document("`src/y.c`\n"), True),
    ("a function that is not there", document("`rnl_gone()`\n"), True),
    ("C that does not compile", document("```c\nint x\n```\n"), True),
    ("a script that is not there", document("```sh\nscripts/fly\n```\n"), True),
    ("a build option that is not there", document("```sh\nmeson setup b -Dwings=enabled\n```\n"), True),
    ("options read from help",
     manual.options_of(HELP) != {"lr": ("NUMBER", "0.1"), "kind": ("one|two", "one"), "help": ("", "")}, False),
    ("options read from a table",
     manual.manual_options("| `--lr NUMBER` | `0.1` | How far |\n| `--kind one\\|two` | `one` | What |\n")
     != {"lr": ("NUMBER", "0.1"), "kind": ("one|two", "one")}, False),
]

if __name__ == "__main__":
    wrong = [f"{what}: {'nothing found' if expected else found}" for what, found, expected in EXPECTED
             if bool(found) != expected]
    print("\n".join(wrong) or f"{len(EXPECTED)} cases, as expected")
    sys.exit(bool(wrong))
