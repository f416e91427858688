"""symbols.py - the library exports what runnel.h and its parts declare, all of it and nothing else

    symbols.py INCLUDE_FOLDER SHARED_LIBRARY STATIC_LIBRARY

Also: what the static library lets the linker see begins with rnl_, so that it can clash with nobody.
"""
import pathlib
import re
import shutil
import subprocess
import sys

SKIP = 77  # meson: skipped
TOOLS = re.compile(r"_*(asan|odr_asan|ubsan|sancov|gcov|llvm|bss_start|edata|end|init|fini)")


def declared(include):
    parts = sorted(pathlib.Path(include).rglob("*.h"))
    text = "".join(part.read_text(encoding="utf-8") for part in parts)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^\s*#.*", "", text, flags=re.M)
    return set(re.findall(r"\bRNL_API\b[^;(]*?\b(\w+)\s*\(", text))


def defined(*arguments):
    output = subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True).stdout
    names = set()
    for line in output.splitlines():
        match = re.match(r"[0-9a-fA-F]+ ([A-Z]) (\S+)", line)
        if match:
            name = match[2].split("@")[0]
            names.add(name[1:] if sys.platform == "darwin" else name)
    return {name for name in names if not TOOLS.match(name)}


def complaints(include, shared, static):
    wanted = declared(include)
    if len(wanted) < 10:
        yield f"{include}: only {len(wanted)} declarations with RNL_API found"
    mac = sys.platform == "darwin"
    exported = defined(*(["-g", "-U"] if mac else ["-D", "--defined-only"]), shared)
    for name in sorted(wanted - exported):
        yield f"{name} is declared in runnel.h, but the shared library does not export it"
    for name in sorted(exported - wanted):
        yield f"{name} is exported by the shared library, but not declared in runnel.h"
    for name in sorted(defined("-g", "-U" if mac else "--defined-only", static)):
        if not name.startswith("rnl_"):
            yield f"{name} in the static library does not begin with rnl_"


if __name__ == "__main__":
    if shutil.which("nm") is None:
        print("skipped: there is no nm")
        sys.exit(SKIP)
    found = list(complaints(*sys.argv[1:4]))
    print("\n".join(found) or "exported and declared are the same")
    sys.exit(bool(found))
