# gorun.py: the test format of lit/run: Go programs that are compiled in every way and must print the same each time: -O0 and -O2, with the escape pass and with all on the heap.
#
# NAME.go is the program; NAME.in its standard input, NAME.out what it prints (nothing if missing). In NAME.go a line
#   // exit: 2           gives its exit status (0 without one)
#   // stderr: text      must be in its standard error, in this order; `^` at its beginning: at the beginning of a line
#   // args: a b         its arguments            // env: GOMAXPROCS=1 GOGC=10     variables for the run
#   // flags: -l                                   more flags for the compiler
# A program with RUN lines is a lit test like any other.
# All outputs were made by Go 1.23 (scripts/expect makes them where it is installed).
import os
import re
import shutil
import subprocess
import lit.formats
import lit.Test

VARIANTS = [("-O0",), ("-O2",), ("-O0", "-escape=off"), ("-O2", "-escape=off")]


def missing(text, want):
    """The first expected text that standard error lacks, or None."""
    at = 0
    for w in want:
        if w.startswith("^"):
            m = re.compile("^" + re.escape(w[1:]), re.M).search(text, at)
        else:
            m = re.compile(re.escape(w)).search(text, at)
        if not m:
            return w
        at = m.end()
    return None


class GoRun(lit.formats.FileBasedTest):
    def __init__(self, goc):
        self.goc = goc

    def command(self, args, env, stdin, limit):
        try:
            p = subprocess.run(args, env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit)
        except subprocess.TimeoutExpired as e:
            return None, e.stdout or b"", e.stderr or b""
        return p.returncode, p.stdout, p.stderr

    def variant(self, test, flags, notes, exe):
        src = test.getSourcePath()
        shown = "goc build %s" % " ".join(flags)
        rc, _, err = self.command([self.goc, "build", *flags, *notes["flags"], "-o", exe, src], test.config.environment, subprocess.DEVNULL, 900)
        if rc != 0:
            return "%s: exit %s\n%s" % (shown, rc, err.decode(errors="replace"))
        env = dict(test.config.environment)
        env.update(v.split("=", 1) for v in notes["env"])
        base = src[: -len(".go")]
        stdin = open(base + ".in", "rb") if os.path.exists(base + ".in") else subprocess.DEVNULL
        want = open(base + ".out", "rb").read() if os.path.exists(base + ".out") else b""
        rc, out, err = self.command([exe, *notes["args"]], env, stdin, 120)
        err = err.decode(errors="replace")
        if out != want:
            w, o = want.decode(errors="replace").splitlines(), out.decode(errors="replace").splitlines()
            n = next((i for i in range(min(len(w), len(o))) if w[i] != o[i]), min(len(w), len(o)))
            return "%s: output line %d:\n  want %r\n  got  %r\nexit %s\n%s" % (
                shown, n + 1, w[n] if n < len(w) else "(end)", o[n] if n < len(o) else "(end)", rc, err[-3000:])
        if rc != notes["exit"]:
            return "%s: exit %s, want %s\n%s" % (shown, rc, notes["exit"], err[-3000:])
        lack = missing(err, notes["stderr"])
        if lack is not None:
            return "%s: standard error lacks %r:\n%s" % (shown, lack, err[-3000:])
        return None

    def execute(self, test, litConfig):
        if "// RUN:" in open(test.getSourcePath(), encoding="utf-8").read():
            return lit.formats.ShTest(execute_external=False).execute(test, litConfig)
        notes = {"exit": 0, "stderr": [], "args": [], "env": [], "flags": []}
        for line in open(test.getSourcePath(), encoding="utf-8"):
            m = re.match(r"// (exit|stderr|args|env|flags): (.*)", line)
            if m and m[1] == "exit":
                notes["exit"] = int(m[2])
            elif m and m[1] == "stderr":
                notes["stderr"].append(m[2])
            elif m:
                notes[m[1]] += m[2].split()
        tmp = test.getExecPath() + ".dir"
        os.makedirs(tmp, exist_ok=True)
        try:
            for flags in VARIANTS:
                failure = self.variant(test, flags, notes, os.path.join(tmp, "exe"))
                if failure:
                    return lit.Test.FAIL, failure
        finally:
            shutil.rmtree(tmp, ignore_errors=True)
        return lit.Test.PASS, ""
