"""All kinds of reference cases, by name. Each file evaluates the kinds of one subject and lists them in `KINDS`."""

from judging import Kind

from . import baths, bounds, driven, jump_network, jump_process, passage, relaxation

KINDS: dict[str, Kind] = {
    **jump_network.KINDS,
    **baths.KINDS,
    **relaxation.KINDS,
    **bounds.KINDS,
    **jump_process.KINDS,
    **driven.KINDS,
    **passage.KINDS,
}
