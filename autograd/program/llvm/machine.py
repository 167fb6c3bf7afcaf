"""The processor that this runs on, and machine code for it."""

from __future__ import annotations

from atexit import register
from functools import cache
from typing import Any
from weakref import finalize

from llvmlite import binding

from ..locks import LOCK


@cache
def best_lanes() -> int:
    """Return how many doubles to work on at once.

    Measured on programs of 100 to 20000 operations: as many as a register holds; and two registers of 256
    bits for four, but not for eight lanes, were about as fast.
    """
    with LOCK:
        return 8 if binding.get_host_cpu_features().get("avx512f") else 4


@cache
def has_fma() -> bool:
    """Say whether one instruction multiplies and adds."""
    with LOCK:
        x86 = binding.get_default_triple().startswith(("x86_64", "i386", "i686"))
        return not x86 or bool(binding.get_host_cpu_features().get("fma"))


@cache
def _target() -> tuple[Any, str, str]:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features().flatten()
    return binding.Target.from_default_triple(), binding.get_host_cpu_name(), features


def add_symbol(name: str, address: int) -> None:
    """Let machine code call what is at an address by a name."""
    with LOCK:
        binding.add_symbol(name, address)


class MachineCode:
    """Machine code, which stays in memory until this object is collected.

    Args:
        text: a module of LLVM's language.
        level: how hard to optimise, from 0 to 3.
    """

    def __init__(self, text: str, level: int = 2) -> None:
        with LOCK:
            target, processor, features = _target()
            # A context of its own, so that the types and numbers of the module are freed with it: after the
            # engine, in whatever order a collector comes upon them.
            context = binding.create_context()
            module = binding.parse_assembly(text, context)
            machine = target.create_target_machine(processor, features, opt=level, jit=True)
            self._engine = binding.create_mcjit_compiler(module, machine)
            _in_use.add((self._engine, module, context))
            finalize(self, _free, self._engine, module, context).atexit = False
            self._engine.finalize_object()
            del machine  # while nobody forks

    def address(self, name: str) -> int:
        """Return the address of a function."""
        with LOCK:
            return int(self._engine.get_function_address(name))


_in_use: set[tuple[Any, Any, Any]] = set()
"""The engine, the module and the context of all machine code that there is."""


def _free(engine: Any, module: Any, context: Any) -> None:
    with LOCK:
        _in_use.discard((engine, module, context))
        engine.close()
        module.close()
        context.close()


@register
def _leave_to_the_system() -> None:
    """Let what there is when Python ends outlive it: a daemon thread may be running it."""
    for parts in _in_use:
        for part in parts:
            part.detach()
