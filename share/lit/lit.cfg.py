# lit's configuration for FileCheck tests of your own Go code. Copy this folder beside your code, then:
#
#   python3 /usr/lib/llvm-19/build/utils/lit/lit.py -v FOLDER
#
# Every .go file with RUN lines is a test; template.go shows one. In them
#   %goc     the compiler (the one this was installed with, or --param goc=PATH)
#   %opt     LLVM's opt            %plugin  goc's escape pass for opt            FileCheck  LLVM's FileCheck
import os
import shutil
import lit.formats

here = os.path.dirname(os.path.abspath(__file__))
installed = os.path.abspath(os.path.join(here, "..", "..", "..", "bin", "goc"))


def first(*paths):
    return next((p for p in paths if p and os.path.exists(p)), paths[-1])


goc = lit_config.params.get("goc") or first(installed, shutil.which("goc"), "goc")
root = os.path.dirname(os.path.dirname(os.path.realpath(goc)))
plugin = first(os.path.join(root, "lib", "goc", "goc-escape.so"), os.path.join(os.path.dirname(goc), "goc-escape.so"))

config.name = "go"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".go"]
config.test_source_root = here
config.test_exec_root = os.path.join(lit_config.params.get("out", "/tmp"), "goc-lit")
for name in ("HOME", "GOROOT", "GOPATH", "GOFLAGS", "GOCCACHE", "XDG_CACHE_HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.substitutions += [
    ("%goc", goc),
    ("%plugin", plugin),
    ("%opt", shutil.which("opt-19") or "/usr/lib/llvm-19/bin/opt"),
    (r"\bFileCheck\b", shutil.which("FileCheck-19") or "/usr/lib/llvm-19/bin/FileCheck"),
]
