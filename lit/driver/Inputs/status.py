# status.py WANT command...: runs the command, prints "status N" behind its output, fails if N is not WANT.
import subprocess
import sys

rc = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, timeout=600).returncode
print("status", rc, flush=True)
sys.exit(rc != int(sys.argv[1]))
