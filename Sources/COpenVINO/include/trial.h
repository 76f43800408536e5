#ifndef COPENVINO_TRIAL_H
#define COPENVINO_TRIAL_H

#include <stdbool.h>
#include <sys/types.h>

/// Bounds what this process may take: its address space in bytes, its CPU time in seconds. It leaves no core file, and
/// ends when the process that started it ends.
bool copenvino_confine_process(unsigned long long bytes, unsigned seconds);

/// Lets all threads share two heaps where the address space is limited: each heap of its own takes 64 MB of it.
void copenvino_spare_addresses(void);

/// Gives what was freed back to the system.
void copenvino_return_memory(void);

/// Bounds the CPU time of this process anew, counted from its start.
bool copenvino_limit_processor_time(unsigned seconds);

/// Starts a program with nothing open but its standard output, which is the pipe whose reading end `*output` becomes.
/// - Returns: the process's id, or −1.
pid_t copenvino_start_process(const char *const *arguments, int *output);

#endif
