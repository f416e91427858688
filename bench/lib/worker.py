"""worker.py - a contestant's process: kept alive, asked by lines, stopped while others are measured"""
import os
import selectors
import signal
import subprocess
import tempfile

from . import machine


class WorkerFailed(Exception):
    pass


def parse(line):
    """"seconds=0.5 name=x" -> {"seconds": 0.5, "name": "x"}"""
    result = {}
    for word in line.split():
        key, _, value = word.partition("=")
        try:
            result[key] = float(value)
        except ValueError:
            result[key] = value
    return result


def pin(core):
    return None if core is None else lambda: os.sched_setaffinity(0, {core})


class Worker:
    """Answers ask(line) with a dictionary. Between questions it is stopped by SIGSTOP, threads and
    all, so that no pool of waiting threads takes time from whoever is measured then."""

    def __init__(self, command, environment, core=None, start_limit=120):
        self.command = command
        self.complaints = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.complaints, text=True,
                                        bufsize=1, preexec_fn=pin(core))
        self.waiting = selectors.DefaultSelector()
        self.waiting.register(self.process.stdout, selectors.EVENT_READ)
        self.stopped = False
        line = self._line(start_limit)
        if not line.startswith("ready"):
            raise self._failure(line)
        self.about = parse(line[len("ready"):])
        self._stop()

    def _failure(self, said):
        self.process.kill()
        self.process.wait()
        self.complaints.seek(0)
        text = " ".join(self.complaints.read().split())[-300:]
        self.close()
        return WorkerFailed(f"{os.path.basename(self.command[-2])}: {said.strip()} {text}".strip())

    def _line(self, limit):
        if not self.waiting.select(limit):
            raise self._failure(f"no answer within {limit:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise self._failure("it ended")
        return line

    def _stop(self):
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        self.stopped = True

    def _go_on(self):
        if self.stopped:
            self.process.send_signal(signal.SIGCONT)
            self.stopped = False

    def ask(self, line, limit=120):
        """The answer, and with it others: how many cores other processes used meanwhile."""
        self._go_on()
        with machine.OthersLoad([self.process.pid]) as others:
            self.process.stdin.write(line + "\n")
            answer = self._line(limit)
        self._stop()
        if answer.startswith("error"):
            raise WorkerFailed(answer[len("error"):].strip())
        return parse(answer) | {"others": others.cores}

    def close(self):
        self._go_on()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.waiting.close()
        for pipe in (self.process.stdin, self.process.stdout, self.complaints):
            pipe.close()


def once(command, environment, line, core=None, limit=300):
    """A fresh process that answers one line and ends."""
    done = subprocess.run(command + ["--once", line], env=environment, capture_output=True, text=True,
                          timeout=limit, preexec_fn=pin(core), check=False)
    answer = done.stdout.strip()
    if done.returncode or not answer or answer.startswith("error"):
        raise WorkerFailed(f"{answer} {done.stderr.strip()[-300:]}".strip())
    return parse(answer)
