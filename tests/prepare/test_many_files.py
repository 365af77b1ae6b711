"""Many real pictures in real workers: memory and open files stay as they are, however many come."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

COUNT = """
import os, sys
from collections.abc import Iterator
from pathlib import Path
from hashclient.prepare import hash_files

def files() -> Iterator[Path]:
    for number in range(int(sys.argv[2])):
        yield Path(sys.argv[1], "picture.bmp" if number % 100 else "damaged.bmp")

for number, one in enumerate(hash_files(files()), start=1):
    assert one.position == number - 1
    assert bool(one.signals) == bool((number - 1) % 100)
    if number % (int(sys.argv[2]) // 4) == 0:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        print(pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir("/proc/self/fd")), flush=True)
print(len(os.listdir("/proc/self/fd")))
"""


@pytest.mark.slow
def test_memory_and_open_files_stay_flat(tmp_path: Path) -> None:
    """Over 2,000 files, 20 of them damaged, whose list is never held, nothing grows; `benchmarks/scale.py` does 10,000."""
    Image.radial_gradient("L").resize((96, 64)).save(tmp_path / "picture.bmp")
    (tmp_path / "damaged.bmp").write_bytes((tmp_path / "picture.bmp").read_bytes()[:1500])
    command = [sys.executable, "-c", COUNT, str(tmp_path), "2000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    *quarters, left = done.stdout.splitlines()
    memory = [int(quarter.split()[0]) for quarter in quarters]
    assert memory[-1] - memory[0] < 4 << 20
    opened = [int(quarter.split()[1]) for quarter in quarters]
    assert max(opened) <= 10 + 4 * ((os.cpu_count() or 1) + 2)  # four for each worker, and one that is being replaced
    assert int(left) <= 5
