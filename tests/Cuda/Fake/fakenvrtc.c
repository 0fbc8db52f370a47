// libnvrtc without a compiler: checks what it is given as NVRTC would, and gives back PTX that was made before. FAKENVRTC in the environment,
// or fakeFail, names a failure. The build defines PTX_FOLDER, where attention.sm_80.ptx and attention.sm_90a.ptx are, and may define WITHOUT_CUBIN.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API __attribute__((visibility("default")))

enum { Success = 0, OutOfMemory = 1, CreationFailure = 2, InvalidInput = 3, InvalidProgram = 4, InvalidOption = 5, Compilation = 6 };

typedef struct Program { char *image; size_t imageBytes; char log[256]; int complete; } Program;

static int live;
static char failure[64] = "?";

API void fakeFail(const char *what) { snprintf(failure, sizeof failure, "%s", what); }

API int fakeLive(void) { return live; }

static int fails(const char *what)
{
    if (!strcmp(failure, "?")) {
        const char *given = getenv("FAKENVRTC");
        snprintf(failure, sizeof failure, "%s", given ? given : "");
    }
    return !strcmp(failure, what);
}

API const char *nvrtcGetErrorString(int code)
{
    static const char *const names[] = {
        "NVRTC_SUCCESS", "NVRTC_ERROR_OUT_OF_MEMORY", "NVRTC_ERROR_PROGRAM_CREATION_FAILURE", "NVRTC_ERROR_INVALID_INPUT",
        "NVRTC_ERROR_INVALID_PROGRAM", "NVRTC_ERROR_INVALID_OPTION", "NVRTC_ERROR_COMPILATION",
    };
    return code >= Success && code <= Compilation ? names[code] : "NVRTC_ERROR unknown";
}

API int nvrtcVersion(int *major, int *minor)
{
    *major = fails("newer-than-driver") ? 13 : 12;
    *minor = 8;
    return Success;
}

// Every #include "name" of the text is one of the headers, and so on within them.
static int included(const char *text, int headers, const char *const *texts, const char *const *names, int depth)
{
    const char *const directive = "#include \"";
    for (const char *at = text; (at = strstr(at, directive));) {
        at += strlen(directive);
        size_t length = strcspn(at, "\"");
        int i = 0;
        while (i < headers && (strlen(names[i]) != length || strncmp(names[i], at, length)))
            i++;
        if (i == headers || depth > 20 || !included(texts[i], headers, texts, names, depth + 1))
            return 0;
    }
    return 1;
}

API int nvrtcCreateProgram(
    Program **program, const char *source, const char *name, int headers, const char *const *texts, const char *const *names)
{
    if (fails("no-program"))
        return CreationFailure;
    if (!source || !name || headers < 0)
        return InvalidInput;
    *program = calloc(1, sizeof **program);
    (*program)->complete = strstr(source, "__global__") && included(source, headers, texts, names, 0);
    live++;
    return Success;
}

API int nvrtcDestroyProgram(Program **program)
{
    if (!*program)
        return InvalidProgram;
    free((*program)->image);
    free(*program);
    *program = NULL;
    live--;
    return Success;
}

API int nvrtcCompileProgram(Program *program, int count, const char *const *options)
{
    const char *const architecture = "--gpu-architecture=";
    char path[512] = "";
    for (int i = 0; i < count; i++) {
        if (!strncmp(options[i], architecture, strlen(architecture)))
            snprintf(path, sizeof path, PTX_FOLDER "/attention.%s.ptx", options[i] + strlen(architecture));
        else if (strcmp(options[i], "--std=c++17"))
            return InvalidOption;
    }
    if (fails("compile-error") || !program->complete) {
        snprintf(
            program->log, sizeof program->log, "attention.cu(7): warning #177-D: never used\n\nflash_mma.cuh(12): error: identifier \"x\" is undefined\n"
            "\n1 error detected in the compilation of \"attention.cu\".\n");
        return Compilation;
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        snprintf(program->log, sizeof program->log, "nvrtc: error: invalid value for --gpu-architecture (-arch)\n");
        return InvalidOption;
    }
    fseek(file, 0, SEEK_END);
    program->imageBytes = (size_t)ftell(file) + 1;
    rewind(file);
    program->image = calloc(1, program->imageBytes);
    size_t read = fread(program->image, 1, program->imageBytes - 1, file);
    fclose(file);
    return read + 1 == program->imageBytes ? Success : OutOfMemory;
}

API int nvrtcGetProgramLogSize(Program *program, size_t *bytes) { *bytes = strlen(program->log) + 1; return fails("no-log") ? InvalidProgram : Success; }

API int nvrtcGetProgramLog(Program *program, char *log) { strcpy(log, program->log); return Success; }

#ifndef WITHOUT_CUBIN
API int nvrtcGetCUBINSize(Program *program, size_t *bytes)
{
    *bytes = program->imageBytes;
    return program->image ? Success : InvalidProgram;
}

API int nvrtcGetCUBIN(Program *program, char *image)
{
    if (fails("no-image"))
        return InvalidProgram;
    memcpy(image, program->image, program->imageBytes);
    return Success;
}
#endif
