"""Runs an ONNX network by the engine that the product ships, OpenVINO's C library out of .third-party/.

    python engine.py NETWORK.onnx INPUTS.npz OUTPUTS.npz OUTPUT...

A process of its own: OpenVINO and PyTorch each bring a thread pool, which do not mix.
"""
from __future__ import annotations

import ctypes
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

LIBRARIES = Path(__file__).resolve().parents[2] / ".third-party" / "openvino" / "lib"
F32 = 4  # ov_element_type_e::F32


class Shape(ctypes.Structure):
    """ov_shape_t."""

    _fields_ = [("rank", ctypes.c_int64), ("dims", ctypes.POINTER(ctypes.c_int64))]


def call(function, *arguments) -> None:
    """A function of the library, whose status must be 0."""
    status = function(*arguments)
    if status != 0:
        raise RuntimeError(f"{function.__name__} failed with status {status}.")


def outputs(network: Path, inputs: dict[str, np.ndarray], names: list[str]) -> dict[str, np.ndarray]:
    """The named outputs of ``network`` for float32 ``inputs``, computed in float32."""
    ov = ctypes.CDLL(str(LIBRARIES / "libopenvino_c.so"))
    core, compiled, request = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    call(ov.ov_core_create, ctypes.byref(core))
    call(ov.ov_core_compile_model_from_file, core, str(network).encode(), b"CPU", ctypes.c_size_t(2),
         ctypes.byref(compiled),
         b"INFERENCE_PRECISION_HINT", b"f32")
    call(ov.ov_compiled_model_create_infer_request, compiled, ctypes.byref(request))
    for name, value in inputs.items():
        value, tensor = np.ascontiguousarray(value, np.float32), ctypes.c_void_p()
        shape = Shape(value.ndim, (ctypes.c_int64 * value.ndim)(*value.shape))
        call(ov.ov_tensor_create, F32, shape, ctypes.byref(tensor))
        data = ctypes.c_void_p()
        call(ov.ov_tensor_data, tensor, ctypes.byref(data))
        ctypes.memmove(data, value.ctypes.data, value.nbytes)
        call(ov.ov_infer_request_set_tensor, request, name.encode(), tensor)
    call(ov.ov_infer_request_infer, request)
    found = {}
    for name in names:
        tensor, data, shape = ctypes.c_void_p(), ctypes.c_void_p(), Shape()
        call(ov.ov_infer_request_get_tensor, request, name.encode(), ctypes.byref(tensor))
        call(ov.ov_tensor_get_shape, tensor, ctypes.byref(shape))
        call(ov.ov_tensor_data, tensor, ctypes.byref(data))
        size = tuple(shape.dims[i] for i in range(shape.rank))
        found[name] = np.ctypeslib.as_array(ctypes.cast(data, ctypes.POINTER(ctypes.c_float)), size).copy()
    return found


def run(network: Path, inputs: dict[str, np.ndarray], names: list[str]) -> list[np.ndarray]:
    """The named outputs, computed in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(given, **inputs)
        subprocess.run([sys.executable, __file__, str(network), str(given), str(found), *names], check=True)
        with np.load(found) as arrays:
            return [arrays[name] for name in names]


if __name__ == "__main__":
    path, given, found, *wanted = sys.argv[1:]
    np.savez(found, **outputs(Path(path), dict(np.load(given)), wanted))
