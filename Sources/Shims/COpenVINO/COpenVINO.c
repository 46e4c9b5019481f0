#define _GNU_SOURCE

#include "COpenVINO.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The runtime's types, opaque here. Layouts that cross the boundary by value are spelled out.
typedef struct ov_core ov_core_t;
typedef struct ov_model ov_model_t;
typedef struct ov_compiled_model ov_compiled_model_t;
typedef struct ov_infer_request ov_infer_request_t;
typedef struct ov_tensor ov_tensor_t;
typedef struct ov_output_const_port ov_output_const_port_t;
typedef struct { int64_t min, max; } ov_dimension_t;
typedef struct { ov_dimension_t rank; ov_dimension_t *dims; } ov_partial_shape_t;
typedef struct { const char *buildNumber; const char *description; } ov_version_t;

#define FUNCTIONS(X)                                                                                                \
    X(int, ov_core_create, (ov_core_t **))                                                                          \
    X(void, ov_core_free, (ov_core_t *))                                                                            \
    X(int, ov_get_openvino_version, (ov_version_t *))                                                               \
    X(void, ov_version_free, (ov_version_t *))                                                                      \
    X(int, ov_core_set_property, (const ov_core_t *, const char *, ...))                                            \
    X(int, ov_core_import_model,                                                                                    \
      (const ov_core_t *, const char *, size_t, const char *, ov_compiled_model_t **))                              \
    X(int, ov_compiled_model_export_model, (const ov_compiled_model_t *, const char *))                             \
    X(int, ov_core_read_model, (const ov_core_t *, const char *, const char *, ov_model_t **))                      \
    X(int, ov_core_compile_model,                                                                                   \
      (const ov_core_t *, const ov_model_t *, const char *, size_t, ov_compiled_model_t **, ...))                   \
    X(int, ov_partial_shape_create_static, (int64_t, const int64_t *, ov_partial_shape_t *))                        \
    X(void, ov_partial_shape_free, (ov_partial_shape_t *))                                                          \
    X(int, ov_model_reshape_single_input, (const ov_model_t *, ov_partial_shape_t))                                 \
    X(void, ov_model_free, (ov_model_t *))                                                                          \
    X(void, ov_compiled_model_free, (ov_compiled_model_t *))                                                        \
    X(int, ov_compiled_model_outputs_size, (const ov_compiled_model_t *, size_t *))                                 \
    X(int, ov_compiled_model_output_by_index,                                                                       \
      (const ov_compiled_model_t *, size_t, ov_output_const_port_t **))                                             \
    X(int, ov_port_get_any_name, (const ov_output_const_port_t *, char **))                                         \
    X(void, ov_output_const_port_free, (ov_output_const_port_t *))                                                  \
    X(void, ov_free, (const char *))                                                                                \
    X(int, ov_compiled_model_create_infer_request, (const ov_compiled_model_t *, ov_infer_request_t **))            \
    X(void, ov_infer_request_free, (ov_infer_request_t *))                                                          \
    X(int, ov_infer_request_get_input_tensor_by_index, (const ov_infer_request_t *, size_t, ov_tensor_t **))        \
    X(int, ov_infer_request_get_output_tensor_by_index, (const ov_infer_request_t *, size_t, ov_tensor_t **))       \
    X(int, ov_infer_request_infer, (ov_infer_request_t *))                                                          \
    X(int, ov_tensor_data, (const ov_tensor_t *, void **))                                                          \
    X(int, ov_tensor_get_size, (const ov_tensor_t *, size_t *))                                                     \
    X(void, ov_tensor_free, (ov_tensor_t *))                                                                        \
    X(const char *, ov_get_last_err_msg, (void))

struct lipsmith_openvino_runtime {
    void *library;
    ov_core_t *core;
#define DECLARE(result, name, arguments) result(*name) arguments;
    FUNCTIONS(DECLARE)
#undef DECLARE
};

enum { maximum_outputs = 16 };

struct lipsmith_openvino_model {
    lipsmith_openvino_runtime *runtime;
    // What an imported model was made of: the runtime goes on reading its weights there.
    void *content;
    ov_compiled_model_t *compiled;
    ov_infer_request_t *request;
    ov_tensor_t *input;
    size_t output_total;
    ov_tensor_t *outputs[maximum_outputs];
    char *names[maximum_outputs];
};

lipsmith_openvino_runtime *lipsmith_openvino_open(const char *library_path, char *message, size_t message_size) {
    void *library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(message, message_size, "%s", dlerror());
        return NULL;
    }
    lipsmith_openvino_runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) {
        dlclose(library);
        snprintf(message, message_size, "out of memory");
        return NULL;
    }
    runtime->library = library;
#define RESOLVE(result, name, arguments)                                                                            \
    *(void **)&runtime->name = dlsym(library, #name);                                                               \
    if (!runtime->name) {                                                                                           \
        snprintf(message, message_size, "%s lacks " #name, library_path);                                           \
        lipsmith_openvino_close(runtime);                                                                           \
        return NULL;                                                                                                \
    }
    FUNCTIONS(RESOLVE)
#undef RESOLVE
    if (runtime->ov_core_create(&runtime->core) != 0) {
        snprintf(message, message_size, "the runtime did not start: %s", runtime->ov_get_last_err_msg());
        lipsmith_openvino_close(runtime);
        return NULL;
    }
    return runtime;
}

void lipsmith_openvino_close(lipsmith_openvino_runtime *runtime) {
    if (!runtime) return;
    if (runtime->core) runtime->ov_core_free(runtime->core);
    // The library stays loaded: its thread pools do not survive an unload.
    free(runtime);
}

void lipsmith_openvino_version(const lipsmith_openvino_runtime *runtime, char *text, size_t size) {
    ov_version_t version = {NULL, NULL};
    text[0] = 0;
    if (runtime->ov_get_openvino_version(&version) != 0) return;
    snprintf(text, size, "%s", version.buildNumber ? version.buildNumber : "");
    runtime->ov_version_free(&version);
}

static int set_properties(lipsmith_openvino_runtime *runtime, int thread_count) {
    char threads[16];
    snprintf(threads, sizeof threads, "%d", thread_count);
    const char *settings[][2] = {
        {"INFERENCE_NUM_THREADS", threads}, {"PERFORMANCE_HINT", "LATENCY"}, {"INFERENCE_PRECISION_HINT", "f32"}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        int status = runtime->ov_core_set_property(runtime->core, "CPU", settings[i][0], settings[i][1]);
        if (status != 0) return status;
    }
    return 0;
}

// Makes the request of a compiled model and runs it once, because output tensors get their memory with the first run.
// Returns NULL, or the step that failed.
static const char *prepare(lipsmith_openvino_model *model) {
    lipsmith_openvino_runtime *runtime = model->runtime;
    if (runtime->ov_compiled_model_create_infer_request(model->compiled, &model->request) != 0 ||
        runtime->ov_infer_request_get_input_tensor_by_index(model->request, 0, &model->input) != 0 ||
        runtime->ov_compiled_model_outputs_size(model->compiled, &model->output_total) != 0)
        return "prepare";
    if (model->output_total > maximum_outputs) model->output_total = maximum_outputs;
    for (size_t i = 0; i < model->output_total; i++) {
        if (runtime->ov_infer_request_get_output_tensor_by_index(model->request, i, &model->outputs[i]) != 0)
            return "prepare";
        ov_output_const_port_t *port = NULL;
        if (runtime->ov_compiled_model_output_by_index(model->compiled, i, &port) == 0) {
            runtime->ov_port_get_any_name(port, &model->names[i]);
            runtime->ov_output_const_port_free(port);
        }
    }
    memset(lipsmith_openvino_input(model), 0, lipsmith_openvino_input_count(model) * sizeof(float));
    return runtime->ov_infer_request_infer(model->request) == 0 ? NULL : "run";
}

// Compiles a network that was read; frees it in any case.
static lipsmith_openvino_model *compile(
    lipsmith_openvino_runtime *runtime, ov_model_t *network, int64_t rank, const int64_t *dimensions, int thread_count,
    char *message, size_t message_size) {
    const char *step = "read";
    lipsmith_openvino_model *model = calloc(1, sizeof *model);
    if (!model || !network) goto failed;
    model->runtime = runtime;
    if (rank > 0) {
        step = "reshape";
        ov_partial_shape_t shape = {{0, 0}, NULL};
        if (runtime->ov_partial_shape_create_static(rank, dimensions, &shape) != 0) goto failed;
        int status = runtime->ov_model_reshape_single_input(network, shape);
        runtime->ov_partial_shape_free(&shape);
        if (status != 0) goto failed;
    }
    step = "compile";
    if (set_properties(runtime, thread_count) != 0) goto failed;
    if (runtime->ov_core_compile_model(runtime->core, network, "CPU", 0, &model->compiled) != 0) goto failed;
    step = prepare(model);
    if (step) goto failed;
    runtime->ov_model_free(network);
    return model;

failed:
    snprintf(message, message_size, "cannot %s the model: %s", step, runtime->ov_get_last_err_msg());
    if (network) runtime->ov_model_free(network);
    if (model) model->runtime = runtime;
    lipsmith_openvino_unload(model);
    return NULL;
}

lipsmith_openvino_model *lipsmith_openvino_load(
    lipsmith_openvino_runtime *runtime, const char *model_path, int64_t rank, const int64_t *dimensions,
    int thread_count, char *message, size_t message_size) {
    ov_model_t *network = NULL;
    runtime->ov_core_read_model(runtime->core, model_path, NULL, &network);
    return compile(runtime, network, rank, dimensions, thread_count, message, message_size);
}

lipsmith_openvino_model *lipsmith_openvino_import(
    lipsmith_openvino_runtime *runtime, const void *content, size_t size, int thread_count) {
    lipsmith_openvino_model *model = calloc(1, sizeof *model);
    if (!model) return NULL;
    model->runtime = runtime;
    model->content = malloc(size);
    if (model->content) {
        memcpy(model->content, content, size);
        if (set_properties(runtime, thread_count) == 0 &&
            runtime->ov_core_import_model(runtime->core, model->content, size, "CPU", &model->compiled) == 0 &&
            !prepare(model))
            return model;
    }
    lipsmith_openvino_unload(model);
    return NULL;
}

void *lipsmith_openvino_export(const lipsmith_openvino_model *model, size_t *size) {
    // The runtime writes to a path and does not tell of a full disk; a file in memory cannot be cut short.
    int file = memfd_create("lipsmith-compiled", MFD_CLOEXEC);
    if (file < 0) return NULL;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct stat facts;
    char *content = NULL;
    if (model->runtime->ov_compiled_model_export_model(model->compiled, path) == 0 && fstat(file, &facts) == 0 &&
        facts.st_size > 0) {
        *size = (size_t)facts.st_size;
        content = malloc(*size);
    }
    for (size_t done = 0; content && done < *size;) {
        ssize_t count = pread(file, content + done, *size - done, (off_t)done);
        if (count <= 0) {
            free(content);
            content = NULL;
        } else {
            done += (size_t)count;
        }
    }
    close(file);
    return content;
}

void lipsmith_openvino_unload(lipsmith_openvino_model *model) {
    if (!model) return;
    lipsmith_openvino_runtime *runtime = model->runtime;
    for (size_t i = 0; i < maximum_outputs; i++) {
        if (model->outputs[i]) runtime->ov_tensor_free(model->outputs[i]);
        if (model->names[i]) runtime->ov_free(model->names[i]);
    }
    if (model->input) runtime->ov_tensor_free(model->input);
    if (model->request) runtime->ov_infer_request_free(model->request);
    if (model->compiled) runtime->ov_compiled_model_free(model->compiled);
    free(model->content);
    free(model);
}

static void *tensor_data(const lipsmith_openvino_runtime *runtime, const ov_tensor_t *tensor) {
    void *data = NULL;
    return runtime->ov_tensor_data(tensor, &data) == 0 ? data : NULL;
}

static size_t tensor_count(const lipsmith_openvino_runtime *runtime, const ov_tensor_t *tensor) {
    size_t count = 0;
    return runtime->ov_tensor_get_size(tensor, &count) == 0 ? count : 0;
}

float *lipsmith_openvino_input(lipsmith_openvino_model *model) { return tensor_data(model->runtime, model->input); }

size_t lipsmith_openvino_input_count(const lipsmith_openvino_model *model) {
    return tensor_count(model->runtime, model->input);
}

size_t lipsmith_openvino_output_total(const lipsmith_openvino_model *model) { return model->output_total; }

const char *lipsmith_openvino_output_name(const lipsmith_openvino_model *model, size_t index) {
    return model->names[index] ? model->names[index] : "";
}

const float *lipsmith_openvino_output(lipsmith_openvino_model *model, size_t index) {
    return tensor_data(model->runtime, model->outputs[index]);
}

size_t lipsmith_openvino_output_count(const lipsmith_openvino_model *model, size_t index) {
    return tensor_count(model->runtime, model->outputs[index]);
}

int lipsmith_openvino_infer(lipsmith_openvino_model *model) {
    return model->runtime->ov_infer_request_infer(model->request);
}
