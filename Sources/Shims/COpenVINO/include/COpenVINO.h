// OpenVINO's C API, reached through dlopen.
//
// Why a shim and not a module map over OpenVINO's own headers: Lipsmith must build, and say clearly what is missing,
// on a machine where the runtime is not unpacked, so nothing of it may be needed at compile or link time. The
// variadic calls (ov_core_compile_model, ov_core_set_property) could not be imported by Swift either. This target can go when Debian packages
// the runtime and Swift imports variadic C functions. `OpenVINODeclarationTests` compares these declarations with the
// headers of the runtime that scripts/setup unpacks.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct lipsmith_openvino_runtime lipsmith_openvino_runtime;
typedef struct lipsmith_openvino_model lipsmith_openvino_model;

// Loads the library. Returns NULL and writes a sentence to `message` when it cannot.
lipsmith_openvino_runtime *lipsmith_openvino_open(const char *library_path, char *message, size_t message_size);
void lipsmith_openvino_close(lipsmith_openvino_runtime *runtime);

// Writes the version of the runtime, which compiled models depend on.
void lipsmith_openvino_version(const lipsmith_openvino_runtime *runtime, char *text, size_t size);

// Sets what the following loads and imports depend on; 0 on success. It belongs to the whole runtime, since an import
// takes no settings of its own. Single-precision arithmetic is forced, because the runtime would otherwise choose
// bfloat16 on some processors and give other results there.
int lipsmith_openvino_configure(lipsmith_openvino_runtime *runtime, int thread_count);

// The shape of an input. A name of NULL means the only input, which many models leave without a name.
typedef struct {
    const char *name;
    int64_t rank;
    const int64_t *dimensions;
} lipsmith_openvino_shape;

// Reads and compiles a model for the CPU with one infer request. Inputs that `shapes` leaves out keep the model's own
// shapes; all inputs must be of single precision. Returns NULL and writes a sentence to `message` on failure.
lipsmith_openvino_model *lipsmith_openvino_load(
    lipsmith_openvino_runtime *runtime, const char *model_path, const lipsmith_openvino_shape *shapes,
    size_t shape_count, char *message, size_t message_size);

// The same from what `lipsmith_openvino_export` gave, in a fifth of the time; NULL when the runtime does not take it.
// The content must come from the same runtime on the same kind of processor, and undamaged: the runtime trusts it.
lipsmith_openvino_model *lipsmith_openvino_import(
    lipsmith_openvino_runtime *runtime, const void *content, size_t size);
// A compiled model as bytes, to be freed by the caller; NULL on failure.
void *lipsmith_openvino_export(const lipsmith_openvino_model *model, size_t *size);

void lipsmith_openvino_unload(lipsmith_openvino_model *model);

// The request's own tensors, in the model's order: inputs are written before, outputs read after
// `lipsmith_openvino_infer`. A network that draws from a picture and a sound has two inputs, told apart by their names.
size_t lipsmith_openvino_input_total(const lipsmith_openvino_model *model);
const char *lipsmith_openvino_input_name(const lipsmith_openvino_model *model, size_t index);
float *lipsmith_openvino_input(lipsmith_openvino_model *model, size_t index);
size_t lipsmith_openvino_input_count(const lipsmith_openvino_model *model, size_t index);
size_t lipsmith_openvino_output_total(const lipsmith_openvino_model *model);
const char *lipsmith_openvino_output_name(const lipsmith_openvino_model *model, size_t index);
const float *lipsmith_openvino_output(lipsmith_openvino_model *model, size_t index);
size_t lipsmith_openvino_output_count(const lipsmith_openvino_model *model, size_t index);

// Reads and compiles a model whose inputs may have another size in every run, and whose outputs' sizes are known only after
// it. It has no tensors of its own: inputs are set and outputs read by name. Returns NULL and writes a sentence to `message`
// on failure.
lipsmith_openvino_model *lipsmith_openvino_load_dynamic(
    lipsmith_openvino_runtime *runtime, const char *model_path, char *message, size_t message_size);

// The kinds of values that an input may have.
typedef enum { lipsmith_openvino_floats, lipsmith_openvino_integers } lipsmith_openvino_kind;

// Gives a dynamic model's input for the next runs: a copy of `values` (float or int64_t, row-major); 0 on success.
int lipsmith_openvino_set_input(
    lipsmith_openvino_model *model, lipsmith_openvino_shape shape, lipsmith_openvino_kind kind, const void *values);

// A dynamic model's output of the last run, until the next one; NULL where it has none of that name, or not of single
// precision.
const float *lipsmith_openvino_named_output(const lipsmith_openvino_model *model, const char *name, size_t *count);

// Runs the request; 0 on success, OpenVINO's status otherwise.
int lipsmith_openvino_infer(lipsmith_openvino_model *model);
