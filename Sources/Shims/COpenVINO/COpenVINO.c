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
typedef struct { int64_t rank; int64_t *dims; } ov_shape_t;
typedef enum { F32 = 4, I64 = 10 } ov_element_type_e;
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
    X(int, ov_model_reshape, (const ov_model_t *, const char **, const ov_partial_shape_t *, size_t))               \
    X(void, ov_model_free, (ov_model_t *))                                                                          \
    X(void, ov_compiled_model_free, (ov_compiled_model_t *))                                                        \
    X(int, ov_compiled_model_inputs_size, (const ov_compiled_model_t *, size_t *))                                  \
    X(int, ov_compiled_model_input_by_index,                                                                        \
      (const ov_compiled_model_t *, size_t, ov_output_const_port_t **))                                             \
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
    X(int, ov_infer_request_set_tensor, (ov_infer_request_t *, const char *, const ov_tensor_t *))                  \
    X(int, ov_infer_request_get_tensor, (const ov_infer_request_t *, const char *, ov_tensor_t **))                 \
    X(int, ov_infer_request_infer, (ov_infer_request_t *))                                                          \
    X(int, ov_tensor_create, (ov_element_type_e, ov_shape_t, ov_tensor_t **))                                       \
    X(int, ov_tensor_get_element_type, (const ov_tensor_t *, ov_element_type_e *))                                  \
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

// What a model may have of inputs, and of outputs.
enum { maximum_ports = 16 };

// The tensors of one side of a model, and their names.
typedef struct {
    size_t total;
    ov_tensor_t *tensors[maximum_ports];
    char *names[maximum_ports];
} ports;

struct lipsmith_openvino_model {
    lipsmith_openvino_runtime *runtime;
    // What an imported model was made of: the runtime goes on reading its weights there.
    void *content;
    ov_compiled_model_t *compiled;
    ov_infer_request_t *request;
    ports inputs;
    ports outputs;
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

int lipsmith_openvino_configure(lipsmith_openvino_runtime *runtime, int thread_count) {
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

static void *tensor_data(const lipsmith_openvino_runtime *runtime, const ov_tensor_t *tensor) {
    void *data = NULL;
    return runtime->ov_tensor_data(tensor, &data) == 0 ? data : NULL;
}

static size_t tensor_count(const lipsmith_openvino_runtime *runtime, const ov_tensor_t *tensor) {
    size_t count = 0;
    return runtime->ov_tensor_get_size(tensor, &count) == 0 ? count : 0;
}

// Makes the request of a compiled model and runs it once, because output tensors get their memory with the first run.
// Returns NULL, or the step that failed.
static const char *prepare(lipsmith_openvino_model *model) {
    lipsmith_openvino_runtime *runtime = model->runtime;
    ports *inputs = &model->inputs, *outputs = &model->outputs;
    if (runtime->ov_compiled_model_create_infer_request(model->compiled, &model->request) != 0 ||
        runtime->ov_compiled_model_inputs_size(model->compiled, &inputs->total) != 0 ||
        runtime->ov_compiled_model_outputs_size(model->compiled, &outputs->total) != 0)
        return "prepare";
    if (inputs->total > maximum_ports) return "hold all inputs of";
    if (outputs->total > maximum_ports) outputs->total = maximum_ports;
    for (int side = 0; side < 2; side++) {
        ports *own = side == 0 ? inputs : outputs;
        for (size_t i = 0; i < own->total; i++) {
            ov_output_const_port_t *port = NULL;
            int status = side == 0
                ? runtime->ov_infer_request_get_input_tensor_by_index(model->request, i, &own->tensors[i])
                : runtime->ov_infer_request_get_output_tensor_by_index(model->request, i, &own->tensors[i]);
            if (status != 0) return "prepare";
            status = side == 0 ? runtime->ov_compiled_model_input_by_index(model->compiled, i, &port)
                               : runtime->ov_compiled_model_output_by_index(model->compiled, i, &port);
            if (status != 0) continue;
            runtime->ov_port_get_any_name(port, &own->names[i]);
            runtime->ov_output_const_port_free(port);
        }
    }
    for (size_t i = 0; i < inputs->total; i++) {
        void *data = tensor_data(runtime, inputs->tensors[i]);
        if (!data) return "prepare";
        memset(data, 0, tensor_count(runtime, inputs->tensors[i]) * sizeof(float));
    }
    return runtime->ov_infer_request_infer(model->request) == 0 ? NULL : "run";
}

// Gives inputs other shapes; 0 on success.
static int reshape(
    lipsmith_openvino_runtime *runtime, const ov_model_t *network, const lipsmith_openvino_shape *shapes, size_t count) {
    const char *names[maximum_ports];
    ov_partial_shape_t partial[maximum_ports];
    size_t made = 0;
    int status = count > maximum_ports;
    for (; status == 0 && made < count; made++) {
        names[made] = shapes[made].name;
        status = runtime->ov_partial_shape_create_static(shapes[made].rank, shapes[made].dimensions, &partial[made]);
        if (status != 0) break;
    }
    if (status == 0)
        status = count == 1 && !names[0] ? runtime->ov_model_reshape_single_input(network, partial[0])
                                         : runtime->ov_model_reshape(network, names, partial, count);
    for (size_t i = 0; i < made; i++) runtime->ov_partial_shape_free(&partial[i]);
    return status;
}

// Compiles a network that was read; frees it in any case.
static lipsmith_openvino_model *compile(
    lipsmith_openvino_runtime *runtime, ov_model_t *network, const lipsmith_openvino_shape *shapes, size_t shape_count,
    char *message, size_t message_size) {
    const char *step = "read";
    lipsmith_openvino_model *model = calloc(1, sizeof *model);
    if (!model || !network) goto failed;
    model->runtime = runtime;
    step = "reshape";
    if (shape_count > 0 && reshape(runtime, network, shapes, shape_count) != 0) goto failed;
    step = "compile";
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
    lipsmith_openvino_runtime *runtime, const char *model_path, const lipsmith_openvino_shape *shapes,
    size_t shape_count, char *message, size_t message_size) {
    ov_model_t *network = NULL;
    runtime->ov_core_read_model(runtime->core, model_path, NULL, &network);
    return compile(runtime, network, shapes, shape_count, message, message_size);
}

lipsmith_openvino_model *lipsmith_openvino_load_dynamic(
    lipsmith_openvino_runtime *runtime, const char *model_path, char *message, size_t message_size) {
    ov_model_t *network = NULL;
    lipsmith_openvino_model *model = calloc(1, sizeof *model);
    if (model) model->runtime = runtime;
    int is_ready = model && runtime->ov_core_read_model(runtime->core, model_path, NULL, &network) == 0 &&
        // The plugin would keep what it compiled for every shape it met: 12 MB for each new length of a sound (measured).
        runtime->ov_core_compile_model(
            runtime->core, network, "CPU", 2, &model->compiled, "CPU_RUNTIME_CACHE_CAPACITY", "0") == 0 &&
        runtime->ov_compiled_model_create_infer_request(model->compiled, &model->request) == 0;
    if (network) runtime->ov_model_free(network);
    if (is_ready) return model;
    snprintf(message, message_size, "cannot load the model: %s", runtime->ov_get_last_err_msg());
    lipsmith_openvino_unload(model);
    return NULL;
}

int lipsmith_openvino_set_input(
    lipsmith_openvino_model *model, lipsmith_openvino_shape shape, lipsmith_openvino_kind kind, const void *values) {
    lipsmith_openvino_runtime *runtime = model->runtime;
    int64_t dimensions[8];
    if (shape.rank < 0 || shape.rank > 8) return -1;
    size_t count = 1;
    for (int64_t i = 0; i < shape.rank; i++) {
        dimensions[i] = shape.dimensions[i];
        count *= (size_t)dimensions[i];
    }
    ov_tensor_t *tensor = NULL;
    int is_float = kind == lipsmith_openvino_floats;
    int status = runtime->ov_tensor_create(is_float ? F32 : I64, (ov_shape_t){shape.rank, dimensions}, &tensor);
    if (status != 0) return status;
    void *data = tensor_data(runtime, tensor);
    if (data) memcpy(data, values, count * (is_float ? sizeof(float) : sizeof(int64_t)));
    status = data ? runtime->ov_infer_request_set_tensor(model->request, shape.name, tensor) : -1;
    // The request keeps what it was given.
    runtime->ov_tensor_free(tensor);
    return status;
}

const float *lipsmith_openvino_named_output(const lipsmith_openvino_model *model, const char *name, size_t *count) {
    lipsmith_openvino_runtime *runtime = model->runtime;
    ov_tensor_t *tensor = NULL;
    if (runtime->ov_infer_request_get_tensor(model->request, name, &tensor) != 0) return NULL;
    ov_element_type_e type;
    const float *values = NULL;
    if (runtime->ov_tensor_get_element_type(tensor, &type) == 0 && type == F32) {
        values = tensor_data(runtime, tensor);
        *count = tensor_count(runtime, tensor);
    }
    // The memory is the request's.
    runtime->ov_tensor_free(tensor);
    return values;
}

lipsmith_openvino_model *lipsmith_openvino_import(
    lipsmith_openvino_runtime *runtime, const void *content, size_t size) {
    lipsmith_openvino_model *model = calloc(1, sizeof *model);
    if (!model) return NULL;
    model->runtime = runtime;
    model->content = malloc(size);
    if (model->content) {
        memcpy(model->content, content, size);
        if (runtime->ov_core_import_model(runtime->core, model->content, size, "CPU", &model->compiled) == 0 &&
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
    ports *sides[] = {&model->inputs, &model->outputs};
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < maximum_ports; i++) {
            if (sides[side]->tensors[i]) runtime->ov_tensor_free(sides[side]->tensors[i]);
            if (sides[side]->names[i]) runtime->ov_free(sides[side]->names[i]);
        }
    }
    if (model->request) runtime->ov_infer_request_free(model->request);
    if (model->compiled) runtime->ov_compiled_model_free(model->compiled);
    free(model->content);
    free(model);
}

static const char *name_of(const ports *side, size_t index) { return side->names[index] ? side->names[index] : ""; }

size_t lipsmith_openvino_input_total(const lipsmith_openvino_model *model) { return model->inputs.total; }

const char *lipsmith_openvino_input_name(const lipsmith_openvino_model *model, size_t index) {
    return name_of(&model->inputs, index);
}

float *lipsmith_openvino_input(lipsmith_openvino_model *model, size_t index) {
    return tensor_data(model->runtime, model->inputs.tensors[index]);
}

size_t lipsmith_openvino_input_count(const lipsmith_openvino_model *model, size_t index) {
    return tensor_count(model->runtime, model->inputs.tensors[index]);
}

size_t lipsmith_openvino_output_total(const lipsmith_openvino_model *model) { return model->outputs.total; }

const char *lipsmith_openvino_output_name(const lipsmith_openvino_model *model, size_t index) {
    return name_of(&model->outputs, index);
}

const float *lipsmith_openvino_output(lipsmith_openvino_model *model, size_t index) {
    return tensor_data(model->runtime, model->outputs.tensors[index]);
}

size_t lipsmith_openvino_output_count(const lipsmith_openvino_model *model, size_t index) {
    return tensor_count(model->runtime, model->outputs.tensors[index]);
}

int lipsmith_openvino_infer(lipsmith_openvino_model *model) {
    return model->runtime->ov_infer_request_infer(model->request);
}
