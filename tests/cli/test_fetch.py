"""Fetching against a server on this machine that is good, late, wrong and broken in turn.

test_fetch.py PATH-OF-fetch_tiny
"""

import gzip
import hashlib
import http.server
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = sys.argv.pop(1)
CONTENT = bytes((i * i * 7 + i // 256) % 251 for i in range(30000))
GOOD = gzip.compress(CONTENT)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Mirror(http.server.BaseHTTPRequestHandler):
    """The first folder of the path says how the server behaves."""

    asked = []

    def send(self, body, length=None, status=200):
        self.send_response(status)
        if length != "unknown":
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        how = self.path.split("/")[1]
        Mirror.asked.append(self.path)
        if how == "good":
            self.send(GOOD)
        elif how == "nolength":
            self.send(GOOD, "unknown")
        elif how == "members":
            self.send(gzip.compress(CONTENT[:9000]) + gzip.compress(CONTENT[9000:]))
        elif how == "only-one":
            self.send(GOOD) if "one-ubyte" in self.path else self.send(b"", status=404)
        elif how == "truncated":
            self.send(GOOD[: len(GOOD) // 2], len(GOOD))
        elif how == "cut":
            self.send(GOOD[: len(GOOD) // 2], "unknown")
        elif how == "empty":
            self.send(b"")
        elif how == "corrupt":
            self.send(GOOD[:500] + bytes([GOOD[500] ^ 1]) + GOOD[501:])
        elif how == "other":
            self.send(gzip.compress(CONTENT[::-1]))
        elif how == "short":
            self.send(gzip.compress(CONTENT[:-1]))
        elif how == "page":
            self.send(b"<html>Please log in to this network</html>")
        elif how == "bomb":
            self.send(gzip.compress(bytes(30000000)))
        elif how == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(gzip.compress(b"", 0))
            except OSError:
                pass
        elif how == "redirect":
            self.send_response(302)
            self.send_header("Location", self.path.replace("/redirect/", "/good/"))
            self.end_headers()
        elif how == "loop":
            self.send_response(302)
            self.send_header("Location", self.path)
            self.end_headers()
        elif how == "to-a-file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif how == "slow":
            self.send_response(200)
            self.send_header("Content-Length", str(len(GOOD)))
            self.end_headers()
            self.wfile.write(GOOD[:100])
            time.sleep(4)
        else:
            self.send(b"no", status=int(how))

    def log_message(self, *args):
        pass


class Fetch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.base = "http://127.0.0.1:%d/" % cls.server.server_address[1]
        with socket.socket() as s:  # an address where nobody listens
            s.bind(("127.0.0.1", 0))
            cls.nobody = "http://127.0.0.1:%d/" % s.getsockname()[1]

    def setUp(self):
        self.room = tempfile.TemporaryDirectory()
        self.folder = self.room.name + "/a/b"
        Mirror.asked.clear()

    def tearDown(self):
        self.room.cleanup()

    def fetch(self, *mirrors, store="plain", replace="keep"):
        urls = [m if m.startswith("http") else self.base + m for m in mirrors]
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        run = subprocess.run([PROGRAM, self.folder, SHA256, str(len(CONTENT)), store, replace] + urls,
                             capture_output=True, text=True, timeout=60, env=env)
        self.said = run.stderr.replace(self.base, "HOST/")
        return run.returncode

    def files(self):
        return sorted(os.listdir(self.folder))

    def read(self, name):
        with open(self.folder + "/" + name, "rb") as f:
            return f.read()

    def assert_complete(self):
        self.assertEqual(self.files(), ["one-ubyte", "two-ubyte"])
        self.assertEqual(self.read("one-ubyte"), CONTENT)
        self.assertEqual(self.read("two-ubyte"), CONTENT)

    def test_good(self):
        self.assertEqual(self.fetch("good/"), 0)
        self.assert_complete()
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(os.stat(self.folder + "/one-ubyte").st_mode & 0o777, 0o666 & ~mask)

    def test_slash_is_optional(self):
        self.assertEqual(self.fetch("good"), 0)
        self.assertEqual(Mirror.asked, ["/good/one-ubyte.gz", "/good/two-ubyte.gz"])

    def test_other_honest_servers(self):
        for how in "nolength", "members", "redirect":
            with self.subTest(how):
                self.folder = self.room.name + "/" + how
                self.assertEqual(self.fetch(how), 0)
                self.assert_complete()

    def test_compressed(self):
        self.assertEqual(self.fetch("good", store="gz"), 0)
        self.assertEqual(self.files(), ["one-ubyte.gz", "two-ubyte.gz"])
        self.assertEqual(self.read("one-ubyte.gz"), GOOD)

    def test_what_is_there_is_not_fetched_again(self):
        self.assertEqual(self.fetch("only-one"), 1)
        self.assertEqual(self.files(), ["one-ubyte"])
        Mirror.asked.clear()
        self.assertEqual(self.fetch("good"), 0)
        self.assertEqual(Mirror.asked, ["/good/two-ubyte.gz"])
        self.assert_complete()
        self.assertEqual(self.fetch(self.nobody), 0)
        self.assertIn("all 2 files were already there", self.said)

    def test_packed_files_that_are_there_serve_too(self):
        self.fetch("good", store="gz")
        self.assertEqual(self.fetch(self.nobody), 0)

    def test_bad_mirrors(self):
        for how, reason in {
            "truncated": "the connection ended after %d bytes" % (len(GOOD) // 2),
            "cut": "it ends too early",
            "empty": "it is empty",
            "corrupt": "",
            "other": "its SHA-256 digest is not that of the original",
            "short": "it is shorter than it should be",
            "page": "it is not gzip-compressed",
            "bomb": "it is too long",
            "endless": "it is too long",
            "loop": "more than 5 redirects",
            "to-a-file": "",
            "slow": "the server is too slow or does not answer",
            "404": "the server answered 404 (not found)",
            "403": "the server answered 403 (forbidden)",
            "503": "the server answered 503 (unavailable at the moment)",
        }.items():
            with self.subTest(how):
                self.folder = self.room.name + "/" + how
                self.assertEqual(self.fetch(how), 1)
                self.assertEqual(self.files(), [])
                self.assertIn("one-ubyte.gz from HOST/%s: %s" % (how, reason), self.said)
                self.assertIn("TINY could not be downloaded: no mirror has a good one-ubyte.gz",
                              self.said)

    def test_the_next_mirror_is_tried_and_kept(self):
        self.assertEqual(self.fetch("503", self.nobody, "corrupt", "good"), 0)
        self.assert_complete()
        self.assertEqual(Mirror.asked, ["/503/one-ubyte.gz", "/corrupt/one-ubyte.gz",
                                        "/good/one-ubyte.gz", "/good/two-ubyte.gz"])
        self.assertIn("the server answered 503 (unavailable at the moment); trying the next mirror",
                      self.said)

    def test_offline_is_one_sentence(self):
        self.assertEqual(self.fetch(self.nobody, self.nobody), 1)
        self.assertEqual(self.said, "fetch_tiny: TINY could not be downloaded: none of its 2 mirrors "
                                    "can be reached (is this machine offline?)\n")
        self.assertEqual(self.files(), [])

    def test_a_foreign_file_is_not_touched(self):
        os.makedirs(self.folder)
        with open(self.folder + "/one-ubyte", "wb") as f:
            f.write(b"mine")
        self.assertEqual(self.fetch("good"), 1)
        self.assertIn("is not TINY's: it ends too early; nothing was changed", self.said)
        self.assertEqual(self.read("one-ubyte"), b"mine")
        self.assertEqual(Mirror.asked, [])

    def test_a_damaged_file_in_the_cache_is_replaced(self):
        for name, content in ("one-ubyte", CONTENT[:-1] + b"x"), ("two-ubyte.gz", GOOD[:-9]):
            os.makedirs(self.folder, exist_ok=True)
            with open(self.folder + "/" + name, "wb") as f:
                f.write(content)
        self.assertEqual(self.fetch("good", replace="replace"), 0)
        self.assert_complete()

    def test_unwritable_folder(self):
        with open(self.room.name + "/a", "wb"):
            pass
        self.assertEqual(self.fetch("good"), 1)
        self.assertIn("cannot write %s: " % self.folder, self.said)

    def test_full_disk(self):
        """The mirror is not to blame: the next one is not asked."""
        run = subprocess.run(["sh", "-c", 'ulimit -f 8; trap "" XFSZ; exec "$@"', "sh", PROGRAM,
                              self.folder, SHA256, str(len(CONTENT)), "plain", "keep",
                              self.base + "good", self.base + "good"],
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertIn("cannot write %s/one-ubyte: " % self.folder, run.stderr)
        self.assertEqual(self.files(), [])
        self.assertEqual(len(Mirror.asked), 1)

    def test_stopped(self):
        run = subprocess.Popen([PROGRAM, self.folder, SHA256, str(len(CONTENT)), "plain", "keep",
                                self.base + "slow"], stderr=subprocess.PIPE)
        while not Mirror.asked:
            time.sleep(0.01)
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=60), 130)
        run.stderr.close()
        self.assertEqual(self.files(), [])


signal.signal(signal.SIGTERM, signal.SIG_DFL)  # it may be ignored where tests run in the background
unittest.main()
