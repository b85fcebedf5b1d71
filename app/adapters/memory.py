"""The garbage collector of a process that serves: what lives for ever is looked through once."""

import gc


def settle_memory() -> None:
    """Call once, when everything is loaded. A process that makes many applications must not.

    A full collection over all modules took a fifth of the time of a busy save path.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
