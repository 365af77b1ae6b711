"""Run on a Dask cluster: the one place that knows `distributed`.

Paths travel to the cluster's workers, and fingerprints back; the bytes of files do not, so the workers open the files
themselves, confined as here, from a disk that all of them share. The half that sees pictures is given an executor and
knows nothing of a network.
"""

import contextlib
import logging
import re
from collections.abc import Generator, Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Final

from hashclient._optional import require_extra
from hashclient.errors import ClusterError, HashclientError, UsageError, WorkerError
from hashclient.guidance import operators

if TYPE_CHECKING:
    from hashclient.prepare import Batching, Prepared

_ADDRESS: Final = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_CONNECT_SECONDS: Final = 5
_FILES_PER_TASK: Final = 16
"""Handing over a task costs as much as hashing a small picture or two."""
_TASKS_PER_THREAD: Final = 4


@contextlib.contextmanager
def connected(address: str) -> Iterator[tuple[Executor, "Batching"]]:
    """Yield an executor that runs tasks on a cluster, and how to feed it.

    Args:
        address: that of its scheduler, `tcp://HOST:PORT` or `tls://HOST:PORT`.

    Raises:
        MissingExtraError: `distributed` is not installed.
        UsageError: the address is malformed.
        ClusterError: nothing answers there, or the cluster has no workers.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(operators.NO_CLUSTER, hint=operators.WRITE_CLUSTER)
    require_extra("cluster")
    import distributed

    from hashclient.prepare import Batching

    logging.disable()  # what goes wrong is said once, in words of our own
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]  # it ships no types
    except (OSError, TimeoutError, ValueError, RuntimeError):
        raise ClusterError from None
    with client:
        if not (threads := sum(client.nthreads().values())):  # type: ignore[no-untyped-call]  # as above
            raise ClusterError(operators.NO_WORKERS)
        # It ends with the client, which does not wait for tasks.
        executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]  # as above
        yield executor, Batching(files=_FILES_PER_TASK, pending=max(Batching().pending, _TASKS_PER_THREAD * threads))


def guarded(hashed: Generator["Prepared"]) -> Generator["Prepared"]:
    """Pass on what a cluster hashed; its own failures become one sentence.

    Raises:
        ClusterError: the cluster was lost, or could not do the work.
        HashclientError: as without a cluster.
    """
    with contextlib.closing(hashed):
        try:
            yield from hashed
        except WorkerError:
            raise ClusterError(operators.CLUSTER_LOST) from None
        except HashclientError:
            raise
        except Exception:  # noqa: BLE001  # whatever goes wrong on the other machine: an old version, a missing package
            raise ClusterError(operators.CLUSTER_FAILED, hint=operators.SAME_VERSION) from None
