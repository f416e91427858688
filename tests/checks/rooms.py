"""rooms.py - which room includes which

The rooms, what each may use of the others and which libraries it may know stand in the table of
docs/architecture.md; this holds the sources to it.

    rooms.py SOURCE_ROOT
"""
import pathlib
import re
import sys

LIBRARY_OF = [  # header -> the name that the table gives its library
    (r"oneapi/dnnl/", "oneDNN"),
    (r"omp\.h$", "OpenMP"),
    (r"zlib\.h$", "zlib"),
    (r"png\.h$", "libpng"),
    (r"jpeglib\.h$|jerror\.h$", "libjpeg"),
    (r"jansson\.h$", "jansson"),
    (r"curl/", "libcurl"),
    (r"protobuf-c/", "protobuf-c"),
    (r"openssl/", "libcrypto"),
]
LIBC = {  # C11, and what of POSIX and Linux is in libc
    "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale",
    "math", "setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint",
    "stdio", "stdlib", "stdnoreturn", "string", "tgmath", "threads", "time", "uchar", "wchar", "wctype",
    "dirent", "fcntl", "fnmatch", "getopt", "glob", "libgen", "poll", "pthread", "sched", "strings",
    "termios", "unistd", "sys/file", "sys/ioctl", "sys/mman", "sys/resource", "sys/stat", "sys/time", "sys/types",
    "sys/utsname", "sys/wait", "langinfo", "xlocale", "immintrin", "cpuid",
}


def table(path):
    """{room: (rooms it may use, libraries it may use)} from the document's table of rooms"""
    rooms = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`src/(\w+)/`", cells[0])
        if name and len(cells) == 4:
            words = [set(re.findall(r"\w[\w.-]*", cell)) for cell in cells[2:]]
            rooms[name[1]] = tuple(words)
    return rooms


def complaints(root):
    rooms = table(root / "docs" / "architecture.md")
    if len(rooms) < 2:
        yield "docs/architecture.md: no table of rooms found (| `src/ROOM/` | ... | may use | libraries |)"
        return
    order = list(rooms)
    for room, (uses, _) in rooms.items():
        for other in sorted(uses - {"runnel.h"}):
            if other not in rooms:
                yield f"docs/architecture.md: {room} may use {other}, which is no room"
            elif order.index(other) >= order.index(room):
                yield f"docs/architecture.md: {room} may use {other}, which does not stand above it"

    seen = 0
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".c", ".h", ".inc"):
            continue
        room = path.relative_to(root / "src").parts[0]
        where = path.relative_to(root)
        if room not in rooms:
            yield f"{where}: the room src/{room}/ is not in the table of docs/architecture.md"
            continue
        uses, libraries = rooms[room]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            include = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
            if not include:
                continue
            seen += 1
            at, kind, name = f"{where}:{number}", include[1], include[2]
            if kind == "<":
                library = next((lib for pattern, lib in LIBRARY_OF if re.match(pattern, name)), None)
                if library is None and name.removesuffix(".h") not in LIBC:
                    yield f"{at}: <{name}> belongs to no library that tests/checks/rooms.py knows"
                elif library is not None and library not in libraries:
                    yield f"{at}: room {room} does not know {library}, but includes <{name}>"
            elif name == "runnel.h":
                continue
            elif name.endswith(".pb-c.h"):  # made in the build from a schema
                if "protobuf-c" not in libraries:
                    yield f'{at}: room {room} does not know protobuf-c, but includes "{name}"'
            elif (path.parent / name).exists():
                continue
            elif not (root / "src" / name).exists():
                yield f'{at}: "{name}" is no header of ours (from src/ or include/)'
            elif name.split("/")[0] not in uses | {room}:
                yield f"{at}: room {room} may not use room {name.split('/')[0]}, but includes \"{name}\""
    if seen == 0:
        yield "no #include found under src/: is this the source root?"


if __name__ == "__main__":
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "every room includes only what it may")
    sys.exit(bool(found))
