"""Choose where files are hashed: on the cores of this machine, or on a cluster."""

import contextlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hashclient.errors import UsageError

if TYPE_CHECKING:
    from hashclient.prepare import Prepared

HashAll = Callable[..., Generator["Prepared"]]
"""Takes paths and what `hashclient.prepare.hash_files` takes."""


@contextlib.contextmanager
def runs(*, jobs: int | None, cluster: str | None) -> Iterator[HashAll]:
    """Give what hashes files, as asked for on the command line.

    Args:
        jobs: files hashed at once on this machine; one a core where None.
        cluster: address of a cluster's scheduler; None for this machine.

    Raises:
        UsageError: both were asked for.
    """
    from hashclient.prepare import hash_files

    if cluster is None:
        with ThreadPoolExecutor(jobs) if jobs else contextlib.nullcontext() as executor:
            yield lambda files, **asked: hash_files(files, executor=executor, **asked)
        return
    if jobs:
        raise UsageError(
            "--jobs is about this machine, and --cluster has its own number. Nothing was sent.",
            hint="Leave one of the two out.",
        )
    from hashclient.cli import _cluster

    with _cluster.connected(cluster) as (machines, batching):

        def hash_there(files: Iterable[Path], **asked: Any) -> Generator["Prepared"]:
            there = (Path(os.path.abspath(file)) for file in files)  # noqa: PTH100  # links stay as they are
            return _cluster.guarded(hash_files(there, executor=machines, batching=batching, **asked))

        yield hash_there
