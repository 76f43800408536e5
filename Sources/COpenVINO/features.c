#include "COpenVINO.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <string.h>

bool copenvino_half_precision_pays(void) {
    unsigned eax, ebx, ecx, edx;
    char vendor[13] = {0};
    if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx)) {
        return false;
    }
    memcpy(vendor, &ebx, 4);
    memcpy(vendor + 4, &edx, 4);
    memcpy(vendor + 8, &ecx, 4);
    if (strcmp(vendor, "GenuineIntel") != 0) {
        return true;
    }
    const unsigned amx_bf16 = 1u << 22; // leaf 7, subleaf 0, EDX
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (edx & amx_bf16) != 0;
}
#else
bool copenvino_half_precision_pays(void) {
    return true;
}
#endif
