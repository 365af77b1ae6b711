"""Hash on a Dask cluster: the one place that knows `distributed`.

Paths travel to the cluster's workers, and fingerprints back; the bytes of files do not, so each
worker opens the files itself, confined as here, from a disk that all of them share. The half that
sees pictures is given an executor and knows nothing of a network.
"""

import contextlib
import logging
import re
from collections.abc import Generator, Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Final

from hashclient._optional import require_extra
from hashclient.errors import ClusterError, HashclientError, UsageError, WorkerError

if TYPE_CHECKING:
    from hashclient.prepare import Batching, Prepared

_ADDRESS: Final = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_CONNECT_SECONDS: Final = 5
_BATCH: Final = 16
"""Files of one task: handing over a task costs as much as hashing a small picture or two."""
_TASKS_A_THREAD: Final = 4
_LOST: Final = (
    "The cluster was lost, so the work stopped here. What was printed is complete, no file was changed "
    "and nothing was sent to a service."
)
_FAILED: Final = (
    "The cluster could not run this program, so the work stopped here. What was printed is complete, "
    "no file was changed and nothing was sent to a service."
)
_SAME_VERSION: Final = "Install the same version of hashclient and Python on every machine of the cluster."


@contextlib.contextmanager
def connected(address: str) -> Iterator[tuple[Executor, "Batching"]]:
    """Give what runs tasks on a cluster, and how to feed it.

    Args:
        address: of its scheduler, `tcp://HOST:PORT` or `tls://HOST:PORT`.

    Raises:
        MissingExtraError: `distributed` is not installed.
        UsageError: the address is none.
        ClusterError: nobody answers there, or the cluster has no workers.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError("This is not the address of a cluster. Nothing was sent.", hint="Write tcp://HOST:PORT.")
    require_extra("cluster")
    import distributed

    from hashclient.prepare import Batching

    logging.disable()  # what goes wrong is said once, in our words
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]  # it ships no types
    except (OSError, TimeoutError, ValueError, RuntimeError):
        raise ClusterError from None
    with client:
        if not (threads := sum(client.nthreads().values())):  # type: ignore[no-untyped-call]  # as above
            raise ClusterError("The cluster has no workers. No file was opened and nothing was sent.")
        # It ends with the client, which does not wait for tasks.
        executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]  # as above
        yield executor, Batching(files=_BATCH, pending=max(Batching().pending, _TASKS_A_THREAD * threads))


def guarded(hashed: Generator["Prepared"]) -> Generator["Prepared"]:
    """Pass on what a cluster hashed; its own troubles become one sentence.

    Raises:
        ClusterError: it was lost, or could not do the work.
        HashclientError: as without a cluster.
    """
    with contextlib.closing(hashed):
        try:
            yield from hashed
        except WorkerError:
            raise ClusterError(_LOST) from None
        except HashclientError:
            raise
        except Exception:  # noqa: BLE001  # a task raises what its machine makes of it: an old version, a missing package
            raise ClusterError(_FAILED, hint=_SAME_VERSION) from None
