"""A table that goes on and on: each row is answered before the next is sent, and memory does not grow."""
import subprocess
import sys

ROW = b"3.5,6.0,red\n"


def resident(process):
    with open("/proc/%d/status" % process.pid) as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


with subprocess.Popen(["runnel", "predict", sys.argv[1], "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
    p.stdin.write(b"length,width,colour\n")
    for i in range(200):
        p.stdin.write(ROW)
        p.stdin.flush()
        if i == 0:
            p.stdout.readline()  # the header
        answer = p.stdout.readline()
        assert answer.startswith(ROW.strip() + b",lily,"), answer
    print("answered at once: 200 rows")
    before = resident(p)
    for _ in range(300):
        p.stdin.write(ROW * 100)
        p.stdin.flush()
        for _ in range(100):
            p.stdout.readline()
    after = resident(p)
    print("memory stays" if after <= before + 1024 else "memory grew from %d to %d kB" % (before, after))
    p.stdin.close()
