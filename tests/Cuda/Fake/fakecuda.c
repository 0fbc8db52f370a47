// A CUDA driver without a device, for tests: the entry points that the host uses, on host memory. What is put into a stream happens when
// somebody waits for it, as late as a real driver may, so that a host that lets go of memory too early is caught. Launches go to a
// function that the tests set. Failures are injected by fakeFail or the environment variable FAKECUDA; live objects are counted.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define API __attribute__((visibility("default")))

typedef uint64_t Address;

enum Result {
    Success = 0, InvalidValue = 1, OutOfMemory = 2, NotInitialized = 3, NoDevice = 100, InvalidDevice = 101, InvalidContext = 201,
    InvalidPtx = 218, InvalidHandle = 400, NotFound = 500, NotReady = 600, LaunchFailed = 719, NotSupported = 801,
};

enum Kind { Contexts, Modules, Streams, Events, Allocations, Kinds };

typedef struct Module { char *image; struct Module *next; } Module;
typedef struct Function { Module *module; char name[64]; int sharedBytes; struct Function *next; } Function;
typedef struct Event { struct timespec time; int recorded, passed; } Event;
typedef struct Allocation { Address begin; size_t bytes; struct Allocation *next; } Allocation;

// What stands in a stream. Arguments of a launch are copied when it is put there.
typedef struct Work {
    enum { CopyIn, CopyOut, CopyWithin, Fill, Mark, Launch } what;
    Address target, source;
    void *host;
    size_t bytes;
    unsigned char value;
    Event *event;
    Function *function;
    unsigned grid[3], threads, sharedBytes;
    void *arguments[16];
    unsigned char argumentBytes[16][64];
    struct Work *next;
} Work;

typedef struct Stream { Work *first, **last; } Stream;

typedef int (*Launcher)(const char *image, const char *entry, const unsigned *grid, unsigned threads, unsigned sharedBytes, void **arguments);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Allocation *allocations;
static Function *functions;
static int live[Kinds], initialized, contextValue, failedBefore;
static __thread void *current;
static Launcher launcher;
static char failure[64] = "?";

// No real driver has this: how the host knows that times mean nothing.
API int kernelsEmulatedDriver(void) { return 1; }

API void fakeFail(const char *what) { snprintf(failure, sizeof failure, "%s", what); failedBefore = 0; }

API void fakeSetLauncher(Launcher function) { launcher = function; }

API int fakeLive(int kind) { return live[kind]; }

// The bytes of the allocation that holds an address, and where it begins; 0 when there is none.
API size_t fakeAllocation(Address address, Address *begin)
{
    for (Allocation *each = allocations; each; each = each->next)
        if (address >= each->begin && address < each->begin + each->bytes) {
            *begin = each->begin;
            return each->bytes;
        }
    return 0;
}

static int fails(const char *what)
{
    if (!strcmp(failure, "?")) {
        const char *given = getenv("FAKECUDA");
        snprintf(failure, sizeof failure, "%s", given ? given : "");
    }
    return !strcmp(failure, what);
}

static int inside(Address address, size_t bytes)
{
    Address begin;
    size_t size = fakeAllocation(address, &begin);
    return size && address + bytes <= begin + size;
}

static int count(enum Kind kind, int change) { return __atomic_add_fetch(&live[kind], change, __ATOMIC_SEQ_CST); }

API int cuGetErrorName(int code, const char **text)
{
    switch (code) {
    case Success: *text = "CUDA_SUCCESS"; return Success;
    case InvalidValue: *text = "CUDA_ERROR_INVALID_VALUE"; return Success;
    case OutOfMemory: *text = "CUDA_ERROR_OUT_OF_MEMORY"; return Success;
    case NotInitialized: *text = "CUDA_ERROR_NOT_INITIALIZED"; return Success;
    case NoDevice: *text = "CUDA_ERROR_NO_DEVICE"; return Success;
    case InvalidDevice: *text = "CUDA_ERROR_INVALID_DEVICE"; return Success;
    case InvalidContext: *text = "CUDA_ERROR_INVALID_CONTEXT"; return Success;
    case InvalidPtx: *text = "CUDA_ERROR_INVALID_PTX"; return Success;
    case InvalidHandle: *text = "CUDA_ERROR_INVALID_HANDLE"; return Success;
    case NotFound: *text = "CUDA_ERROR_NOT_FOUND"; return Success;
    case NotReady: *text = "CUDA_ERROR_NOT_READY"; return Success;
    case LaunchFailed: *text = "CUDA_ERROR_LAUNCH_FAILED"; return Success;
    case NotSupported: *text = "CUDA_ERROR_NOT_SUPPORTED"; return Success;
    default: *text = NULL; return InvalidValue;
    }
}

API int cuGetErrorString(int code, const char **text)
{
    static const char *const launch = "unspecified launch failure";
    static const char *const memory = "out of memory";
    *text = code == LaunchFailed ? launch : code == OutOfMemory ? memory : NULL;
    return *text ? Success : InvalidValue;
}

API int cuInit(unsigned flags)
{
    if (flags)
        return InvalidValue;
    if (fails("no-device"))
        return NoDevice;
    if (fails("broken"))
        return 999;
    initialized = 1;
    return Success;
}

API int cuDriverGetVersion(int *version) { *version = fails("old-driver") ? 10020 : 12080; return Success; }

API int cuDeviceGetCount(int *devices)
{
    *devices = fails("empty") ? 0 : 1;
    return initialized ? Success : NotInitialized;
}

API int cuDeviceGet(int *device, int index) { *device = 0; return index ? InvalidDevice : Success; }

API int cuDeviceGetName(char *name, int bytes, int device)
{
    snprintf(name, (size_t)bytes, "test double");
    return device ? InvalidDevice : Success;
}

API int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = (size_t)1 << 30; return device ? InvalidDevice : Success; }

API int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    switch (attribute) {
    case 16: *value = 2; break;                            // multiprocessors
    case 75: *value = fails("old-device") ? 7 : fails("ampere") ? 8 : 9; break;  // compute capability
    case 76: *value = fails("old-device") ? 5 : fails("ampere") ? 6 : 0; break;
    case 97: *value = fails("ampere") ? 101376 : 232448; break;                  // shared memory of a block
    default: return InvalidValue;
    }
    return device ? InvalidDevice : Success;
}

API int cuDevicePrimaryCtxRetain(void **context, int device)
{
    if (device)
        return InvalidDevice;
    if (fails("no-context"))
        return OutOfMemory;
    count(Contexts, 1);
    *context = &contextValue;
    return Success;
}

API int cuDevicePrimaryCtxRelease_v2(int device)
{
    return device ? InvalidDevice : count(Contexts, -1) < 0 ? InvalidContext : Success;
}

API int cuCtxSetCurrent(void *context) { current = context; return Success; }

#define REQUIRE_CONTEXT if (current != &contextValue) return InvalidContext

API int cuModuleLoadDataEx(Module **module, const void *image, unsigned options, int *names, void **values)
{
    REQUIRE_CONTEXT;
    const char *text = image;
    if (fails("ptx-rejected") || !strstr(text, ".version") || !strstr(text, ".entry")) {
        for (unsigned i = 0; i + 1 < options; i++)
            if (names[i] == 5)
                snprintf(values[i], (size_t)(uintptr_t)values[i + 1], "ptxas fatal: unexpected token");
        return InvalidPtx;
    }
    *module = malloc(sizeof **module);
    (*module)->image = strdup(text);
    count(Modules, 1);
    return Success;
}

API int cuModuleUnload(Module *module)
{
    pthread_mutex_lock(&lock);
    for (Function **each = &functions; *each;) {
        Function *function = *each;
        if (function->module != module) {
            each = &function->next;
            continue;
        }
        *each = function->next;
        free(function);
    }
    pthread_mutex_unlock(&lock);
    free(module->image);
    free(module);
    count(Modules, -1);
    return Success;
}

static const char *entryOf(const char *image, const char *name)
{
    char key[96];
    snprintf(key, sizeof key, ".entry %s(", name);
    return strstr(image, key);
}

API int cuModuleGetFunction(Function **function, Module *module, const char *name)
{
    REQUIRE_CONTEXT;
    if (fails("no-entry") || !entryOf(module->image, name))
        return NotFound;
    *function = calloc(1, sizeof **function);
    (*function)->module = module;
    (*function)->sharedBytes = 49152;
    snprintf((*function)->name, sizeof (*function)->name, "%s", name);
    pthread_mutex_lock(&lock);
    (*function)->next = functions;
    functions = *function;
    pthread_mutex_unlock(&lock);
    return Success;
}

API int cuFuncSetAttribute(Function *function, int attribute, int value)
{
    if (attribute != 8 || value > (fails("ampere") ? 101376 : 232448))
        return InvalidValue;
    function->sharedBytes = value;
    return Success;
}

API int cuMemAlloc_v2(Address *address, size_t bytes)
{
    REQUIRE_CONTEXT;
    void *memory;
    if (fails("out-of-memory") || !bytes || posix_memalign(&memory, 256, bytes))
        return OutOfMemory;
    memset(memory, 0xff, bytes);
    Allocation *made = malloc(sizeof *made);
    pthread_mutex_lock(&lock);
    *made = (Allocation){ (Address)(uintptr_t)memory, bytes, allocations };
    allocations = made;
    pthread_mutex_unlock(&lock);
    *address = made->begin;
    count(Allocations, 1);
    return Success;
}

API int cuMemFree_v2(Address address)
{
    REQUIRE_CONTEXT;
    pthread_mutex_lock(&lock);
    Allocation **each = &allocations;
    while (*each && (*each)->begin != address)
        each = &(*each)->next;
    Allocation *found = *each;
    if (found)
        *each = found->next;
    pthread_mutex_unlock(&lock);
    if (!found)
        return InvalidValue;
    free((void *)(uintptr_t)found->begin);
    free(found);
    count(Allocations, -1);
    return Success;
}

API int cuStreamCreate(Stream **stream, unsigned flags)
{
    REQUIRE_CONTEXT;
    if (flags > 1 || fails("no-stream"))
        return flags > 1 ? InvalidValue : OutOfMemory;
    *stream = calloc(1, sizeof **stream);
    (*stream)->last = &(*stream)->first;
    count(Streams, 1);
    return Success;
}

static int put(Stream *stream, Work work)
{
    if (!stream)
        return InvalidHandle;
    Work *copy = malloc(sizeof *copy);
    *copy = work;
    for (int i = 0; i < 16; i++)
        copy->arguments[i] = work.arguments[i] ? copy->argumentBytes[i] : NULL;
    copy->next = NULL;
    *stream->last = copy;
    stream->last = &copy->next;
    return Success;
}

API int cuMemcpyHtoDAsync_v2(Address target, const void *source, size_t bytes, Stream *stream)
{
    REQUIRE_CONTEXT;
    return inside(target, bytes) ? put(stream, (Work){ .what = CopyIn, .target = target, .host = (void *)source, .bytes = bytes }) : InvalidValue;
}

API int cuMemcpyDtoHAsync_v2(void *target, Address source, size_t bytes, Stream *stream)
{
    REQUIRE_CONTEXT;
    return inside(source, bytes) ? put(stream, (Work){ .what = CopyOut, .source = source, .host = target, .bytes = bytes }) : InvalidValue;
}

API int cuMemcpyDtoDAsync_v2(Address target, Address source, size_t bytes, Stream *stream)
{
    REQUIRE_CONTEXT;
    return inside(target, bytes) && inside(source, bytes)
        ? put(stream, (Work){ .what = CopyWithin, .target = target, .source = source, .bytes = bytes })
        : InvalidValue;
}

API int cuMemsetD8Async(Address target, unsigned char value, size_t bytes, Stream *stream)
{
    REQUIRE_CONTEXT;
    return inside(target, bytes) ? put(stream, (Work){ .what = Fill, .target = target, .value = value, .bytes = bytes }) : InvalidValue;
}

// The bytes of one parameter from its declaration: ".param .u64 name" or ".param .align 4 .b8 name[32]".
static unsigned parameterBytes(const char *declaration, const char *end)
{
    const char *array = memchr(declaration, '[', (size_t)(end - declaration));
    if (array)
        return (unsigned)atoi(array + 1);
    const char *type = strchr(declaration + 6, '.');
    return type && strstr(type, "64") == type + 2 ? 8 : 4;
}

API int cuLaunchKernel(
    Function *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
    unsigned sharedBytes, Stream *stream, void **arguments, void **extra)
{
    REQUIRE_CONTEXT;
    if (fails("launch-refused") || extra || !gridX || !gridY || !gridZ || gridY > 65535 || gridZ > 65535 || !blockX || blockX > 1024
        || blockY != 1 || blockZ != 1 || (int)sharedBytes > function->sharedBytes)
        return InvalidValue;
    Work work = { .what = Launch, .function = function, .grid = { gridX, gridY, gridZ }, .threads = blockX, .sharedBytes = sharedBytes };
    const char *at = entryOf(function->module->image, function->name), *close = strchr(at, ')');
    for (int i = 0; i < 16 && (at = strstr(at, ".param")) && at < close; i++) {
        const char *end = at + strcspn(at, ",)\n");
        unsigned bytes = parameterBytes(at, end);
        if (bytes > sizeof work.argumentBytes[i])
            return InvalidValue;
        memcpy(work.argumentBytes[i], arguments[i], bytes);
        work.arguments[i] = work.argumentBytes[i];
        at = end;
    }
    return put(stream, work);
}

static int perform(Work *work)
{
    switch (work->what) {
    case CopyIn: memcpy((void *)(uintptr_t)work->target, work->host, work->bytes); return Success;
    case CopyOut: memcpy(work->host, (void *)(uintptr_t)work->source, work->bytes); return Success;
    case CopyWithin: memmove((void *)(uintptr_t)work->target, (void *)(uintptr_t)work->source, work->bytes); return Success;
    case Fill: memset((void *)(uintptr_t)work->target, work->value, work->bytes); return Success;
    case Mark: clock_gettime(CLOCK_MONOTONIC, &work->event->time); work->event->passed = 1; return Success;
    default:
        if (fails("launch-failure"))
            return LaunchFailed;
        return launcher
            ? launcher(work->function->module->image, work->function->name, work->grid, work->threads, work->sharedBytes, work->arguments)
            : NotSupported;
    }
}

// A failed launch spoils the context: everything after it fails too, until the process ends or the tests say otherwise.
API int cuStreamSynchronize(Stream *stream)
{
    REQUIRE_CONTEXT;
    while (stream->first) {
        Work *work = stream->first;
        stream->first = work->next;
        if (!failedBefore)
            failedBefore = perform(work);
        free(work);
    }
    stream->last = &stream->first;
    return failedBefore;
}

API int cuStreamDestroy_v2(Stream *stream)
{
    while (stream->first) {
        Work *next = stream->first->next;
        free(stream->first);
        stream->first = next;
    }
    free(stream);
    count(Streams, -1);
    return Success;
}

static Stream *recordedIn;

API int cuEventCreate(Event **event, unsigned flags)
{
    REQUIRE_CONTEXT;
    if (flags || fails("no-event"))
        return flags ? InvalidValue : OutOfMemory;
    *event = calloc(1, sizeof **event);
    count(Events, 1);
    return Success;
}

API int cuEventDestroy_v2(Event *event) { free(event); count(Events, -1); return Success; }

API int cuEventRecord(Event *event, Stream *stream)
{
    REQUIRE_CONTEXT;
    event->recorded = 1;
    event->passed = 0;
    recordedIn = stream;
    return put(stream, (Work){ .what = Mark, .event = event });
}

API int cuEventSynchronize(Event *event)
{
    REQUIRE_CONTEXT;
    return event->recorded ? cuStreamSynchronize(recordedIn) : InvalidHandle;
}

API int cuEventElapsedTime(float *milliseconds, Event *begin, Event *end)
{
    if (!begin->recorded || !end->recorded)
        return InvalidHandle;
    if (!begin->passed || !end->passed)
        return NotReady;
    *milliseconds = (float)((double)(end->time.tv_sec - begin->time.tv_sec) * 1e3 + (double)(end->time.tv_nsec - begin->time.tv_nsec) / 1e6);
    return Success;
}

// The same under the name that CUDA 12.8 gave it; ManagedCuda asks for it.
API int cuEventElapsedTime_v2(float *milliseconds, Event *begin, Event *end) { return cuEventElapsedTime(milliseconds, begin, end); }
