"""A small real root file system, made of what this machine has: busybox, and whichever programs a test wants with their libraries."""

import pathlib
import re
import shutil
import subprocess
import sys

BUSYBOX = pathlib.Path("/bin/busybox")
COMMANDS = "sh cat echo ls mkdir rm touch id sleep test grep cp chmod env printf true false hostname seq readlink mount umount"
SKIPPED = 77


def copy(source, root):
    target = root / str(source).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy(source, target)


def add_program(root, path):
    """With every library that it is linked to, at the place where it looks for it."""
    copy(path, root)
    linked = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", linked):
        copy(library, root)


def make(root, name="Tiny Linux", agent_id="debian", version="12"):
    if not BUSYBOX.exists():
        print("busybox-static is not installed")
        sys.exit(SKIPPED)
    root = pathlib.Path(root)
    for folder in ("bin", "etc", "usr/lib", "usr/bin", "root", "var/tmp"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(BUSYBOX, root / "bin/busybox")
    for command in COMMANDS.split():
        (root / "bin" / command).symlink_to("busybox")
    (root / "usr/lib/os-release").write_text(f'PRETTY_NAME="{name}"\nID={agent_id}\nVERSION_ID="{version}"\n')
    (root / "etc/os-release").symlink_to("../usr/lib/os-release")
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    (root / "etc/shadow").write_text("root:*:19000:0:99999:7:::\n")
    (root / "etc/resolv.conf").symlink_to("/run/systemd/resolve/stub-resolv.conf")
    return root
