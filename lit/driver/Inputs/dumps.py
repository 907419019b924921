# dumps.py build prefix opt llc folder N/M programs or packages...: the dumps of every M-th argument, from the N-th on.
#
# -d ir through opt with the plugin is -d escape, byte for byte, with the compiler of the build tree and the one that is installed;
# a dump is the same on every run, alone or among others (their titles cut off); llc accepts each.
import os
import re
import subprocess
import sys

build, prefix, opt, llc, folder, part = sys.argv[1:7]
start, step = map(int, part.split("/"))
status = 0


def run(*command, text=None):
    p = subprocess.run(command, input=text, stdin=None if text is not None else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    if p.returncode != 0:
        raise Failure("%s: exit %d\n%s" % (" ".join(command), p.returncode, p.stderr[:2000].decode(errors="replace")))
    return p.stdout, p.stderr


class Failure(Exception):
    pass


def dump(goc, stages, name):
    return run(goc, "build", "-c", "-d", stages, name)[1]


def differ(what, a, b, name):
    """Fails with the first line in which two texts differ."""
    if a == b:
        return
    x, y = a.split(b"\n"), b.split(b"\n")
    n = next((i for i in range(min(len(x), len(y))) if x[i] != y[i]), min(len(x), len(y)))
    line = [t[n].decode(errors="replace") if n < len(t) else "(end)" for t in (x, y)]
    raise Failure("%s: %s: line %d:\n  %s\n  %s" % (name, what, n + 1, *line))


def check(name):
    goc, plugin = os.path.join(build, "goc"), os.path.join(build, "goc-escape.so")
    alone = {stage: dump(goc, stage, name) for stage in ("ir", "escape", "opt")}
    if any(not text.startswith(b"; ModuleID") for text in alone.values()):
        raise Failure("%s: a dump that is no module" % name)
    together = re.split(rb"(?m)^; > .*\n", dump(goc, "ir,escape,opt", name))
    if len(together) != 4 or together[0]:
        raise Failure("%s: -d ir,escape,opt has %d parts" % (name, len(together)))
    for stage, text in zip(alone, together[1:]):
        differ("-d %s on another run" % stage, alone[stage], text, name)
    escape = ["-passes=goc-escape", "-S"]
    differ("-d escape and opt", alone["escape"], run(opt, "-load-pass-plugin=" + plugin, *escape, text=alone["ir"])[0], name)
    for stage in alone:
        run(llc, "-filetype=null", "-o", os.devnull, text=alone[stage])
    goc, plugin = os.path.join(prefix, "bin", "goc"), os.path.join(prefix, "lib", "goc", "goc-escape.so")
    ir = dump(goc, "ir", name)
    differ("-d ir of the installed compiler", alone["ir"], ir, name)
    differ("-d escape and opt with the installed plugin", alone["escape"], run(opt, "-load-pass-plugin=" + plugin, *escape, text=ir)[0], name)


os.chdir(folder)
n = 0
for name in sys.argv[7:][start::step]:
    try:
        check(name)
        n += 1
    except (Failure, subprocess.TimeoutExpired) as e:
        print(e)
        status = 1
print("%d programs and packages agree" % n)
sys.exit(status or n == 0)
