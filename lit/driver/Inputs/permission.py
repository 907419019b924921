# permission.py build cmake hello.go: files, folders and a cache without permission, and a user without a home: one line each, exit status 1.
#
# Run by root it works as the user nobody, in a folder of /tmp, since a checkout below /root is closed to others.
import os
import re
import shutil
import subprocess
import sys
import tempfile

build, cmake, hello = sys.argv[1:]
top = tempfile.mkdtemp(prefix="goc-permission-", dir="/tmp")
root = os.geteuid() == 0
status = 0


def as_user():
    if root:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def case(what, args, want, code=1, **env):
    global status
    cwd = os.path.join(top, "work")
    full = {"PATH": os.environ["PATH"], "HOME": cwd, "GOCCACHE": os.path.join(top, "cache"), **env}
    for name in [n for n, v in full.items() if v is None]:
        del full[name]
    if "GOROOT" in os.environ:
        full["GOROOT"] = os.environ["GOROOT"]
    p = subprocess.run([os.path.join(top, "prefix/bin/goc"), *args], cwd=cwd, env=full, preexec_fn=as_user, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    lines = p.stdout.decode().splitlines()
    left = os.path.exists(os.path.join(cwd, "out")) and code
    if p.returncode != code or left or len(lines) != len(want) or not all(re.fullmatch(w, line) for w, line in zip(want, lines)):
        print("%s: exit %d, said %s\n  want %s" % (what, p.returncode, lines, want))
        status = 1
    shutil.rmtree(os.path.join(cwd, "out"), ignore_errors=True)


def folder(name, mode, *files):
    path = os.path.join(top, name)
    os.makedirs(path, exist_ok=True)
    for f in files:
        open(os.path.join(path, f), "w").write("package main\n\nfunc main() { println(1) }\n")
    os.chmod(path, mode)
    return path


try:
    os.chmod(top, 0o755)
    subprocess.run([cmake, "--install", build, "--prefix", os.path.join(top, "prefix")], check=True, stdout=subprocess.DEVNULL)
    for name in "work", "cache":
        folder(name, 0o777)
    source = os.path.join(folder("source", 0o755, "x.go", "secret.go"), "x.go")
    secret = os.path.join(top, "source/secret.go")
    os.chmod(secret, 0)
    readonly, closed, shut = folder("readonly", 0o555), folder("closed", 0, "x.go"), folder("shut", 0)
    module = folder("module", 0o755, "x.go")
    open(os.path.join(module, "go.mod"), "w").close()
    os.chmod(os.path.join(module, "go.mod"), 0)

    case("a source that may not be read", ["build", "-o", "out", secret], [r"goc: cannot read .*/secret\.go: Permission denied"])
    case("a folder that may not be read", ["build", "-o", "out", closed], [r"goc: cannot read .*/closed/go\.mod: Permission denied"])
    case("a source in a folder that may not be entered", ["build", "-o", "out", closed + "/x.go"], [r"goc: cannot read .*/x\.go: Permission denied"])
    case("a go.mod that may not be read", ["build", "-o", "out", module], [r"goc: cannot read .*/go\.mod: Permission denied"])
    case("a GOROOT that may not be entered", ["build", "-o", "out", source], [r"goc: GOROOT=.*/shut has no Go sources.*"] if "GOROOT" not in os.environ else [], code=1 if "GOROOT" not in os.environ else 0, GOROOT=shut)
    case("a cache that may not be written", ["build", "-o", "out", source], [r"goc: cannot make the cache folder .*/readonly/.*: Permission denied"], GOCCACHE=readonly)
    case("a home that may not be written", ["build", "-o", "out", source], [r"goc: cannot make the cache folder .*/readonly/\.cache/goc/.*: Permission denied"], GOCCACHE=None, HOME=readonly)
    case("a folder that may not be written", ["build", "-o", os.path.join(readonly, "out"), source], [r"goc: cannot write .*/readonly/out: Permission denied"])
    case("folders that may not be made", ["build", "-o", os.path.join(readonly, "new/out"), source], [r"goc: cannot write .*/readonly/new/out: Permission denied"])
    case("no home at all", ["run", source], ["1"], code=0, HOME=None)
    case("no home and no cache", ["run", source], ["1"], code=0, HOME=None, GOCCACHE=None, XDG_CACHE_HOME=os.path.join(top, "cache"))
finally:
    subprocess.run(["chmod", "-R", "u+rwx", top])
    shutil.rmtree(top, ignore_errors=True)
sys.exit(status)
