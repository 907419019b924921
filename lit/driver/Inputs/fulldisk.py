# fulldisk.py goc program.go folder: mounts a tmpfs of 64 KB on the folder and builds onto it, then with the cache on it.
import os
import subprocess
import sys

goc, src, small = sys.argv[1:]
os.makedirs(small, exist_ok=True)
if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], stderr=subprocess.DEVNULL).returncode:
    print("cannot mount a tmpfs: passed over")
    sys.exit(0)
status = 0


def check(what, **env):
    """The build must say why and no more, exit with 1, and leave no program. (Two packages may fail at once.)"""
    global status
    out = os.path.join(small, "out")
    p = subprocess.run([goc, "build", "-o", out, src], env={**os.environ, **env}, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=600)
    text = p.stderr.decode()
    left = [f for _, _, files in os.walk(small) for f in files]
    if p.returncode != 1 or not all("No space left on device" in line for line in text.splitlines() or [""]) or (not env and left):
        print("%s: exit %d, left %s, said:\n%s" % (what, p.returncode, left, text))
        status = 1
    for f in left:
        for d, _, files in os.walk(small):
            for g in files:
                os.unlink(os.path.join(d, g))


try:
    check("output on a full disk")
    check("cache on a full disk", GOCCACHE=os.path.join(small, "cache"))
finally:
    subprocess.run(["umount", "-l", small])
sys.exit(status)
