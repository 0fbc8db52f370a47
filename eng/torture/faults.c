// Preloaded into the program by torture.sh: a disk that is full from the n-th write on, and a clock that jumps.
//   FAULT_FOLDER=/path FAULT_WRITE=n   the n-th and every later write, new file and new folder below the path fail with ENOSPC
//   FAULT_CLOCK=seed                   the time of day jumps by up to a day, forwards and back, at every few readings
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// A run is not resumed where a variable that steers libraries differs, and LD_PRELOAD is one: the program must not see it.
__attribute__((constructor)) static void hide(void) { unsetenv("LD_PRELOAD"); }

static long calls;

static int is_full(const char *path)
{
    const char *folder = getenv("FAULT_FOLDER"), *first = getenv("FAULT_WRITE");
    if (!folder || !first || strncmp(path, folder, strlen(folder)) != 0 || __sync_add_and_fetch(&calls, 1) < atol(first))
        return 0;
    errno = ENOSPC;
    return 1;
}

static int is_full_at(int file)
{
    char link[64], path[4096];
    if (!getenv("FAULT_FOLDER"))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return is_full(path);
}

#define REAL(result, name, ...) ((result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#define WRITE(name, offset_type) \
    ssize_t name(int file, const void *data, size_t count, offset_type at) \
    { return is_full_at(file) ? -1 : REAL(ssize_t, name, int, const void *, size_t, offset_type)(file, data, count, at); }

WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int file, const void *data, size_t count)
{
    return is_full_at(file) ? -1 : REAL(ssize_t, write, int, const void *, size_t)(file, data, count);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return (flags & O_CREAT) && is_full(path) ? -1 : REAL(int, name, const char *, int, mode_t)(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)

int mkdir(const char *path, mode_t mode)
{
    return is_full(path) ? -1 : REAL(int, mkdir, const char *, mode_t)(path, mode);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    static unsigned state;
    static long jump;
    int result = REAL(int, clock_gettime, clockid_t, struct timespec *)(clock, time);
    const char *seed = getenv("FAULT_CLOCK");
    if (clock == CLOCK_REALTIME && seed && result == 0) {
        state = (state ? state : (unsigned)atol(seed) + 1) * 1664525u + 1013904223u;
        if (state >> 29 == 0)
            jump = (long)(state >> 8) % 172800 - 86400;
        time->tv_sec += jump;
    }
    return result;
}
