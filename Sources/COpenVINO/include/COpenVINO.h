#ifndef COPENVINO_H
#define COPENVINO_H

#include <openvino/c/openvino.h>
#include <stdbool.h>

#include "trial.h"

/// Whether 16-bit arithmetic is worth asking for on this CPU.
///
/// Intel CPUs with AVX512-BF16 or AVX512-FP16 but without AMX convert to 32 bits inside the convolution and take 1.6 to
/// 1.9 times as long as in float32 (measured with OpenVINO 2026.4.1 on a Xeon). AMX tiles are many times faster; other
/// makers' CPUs are left to the engine's own choice.
bool copenvino_half_precision_pays(void);

#endif
