#ifndef COPENVINO_TRIAL_H
#define COPENVINO_TRIAL_H

#include <stdbool.h>
#include <sys/types.h>

/// Bounds what this process may take from now on: its address space in bytes, its CPU time in seconds. It leaves no core file, and
/// ends when the process that started it ends.
bool copenvino_confine_process(unsigned long long bytes, unsigned seconds);

/// Starts a program with nothing open but its standard output, which is the pipe whose reading end `*output` becomes.
/// - Returns: the process's id, or −1.
pid_t copenvino_start_process(const char *const *arguments, int *output);

#endif
