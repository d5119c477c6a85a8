"""Make .venv, or say which package is missing for it."""

import subprocess
import sys

if sys.version_info < (3, 11):
    sys.exit(f"Bihuan needs Python 3.11 or later; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 ...")
made = subprocess.run([sys.executable, "-m", "venv", ".venv"], capture_output=True, text=True, check=False)
if made.returncode:
    sys.exit(f"{made.stdout}{made.stderr}\nOn Debian: apt-get install python3-venv")
