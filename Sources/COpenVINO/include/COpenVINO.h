// OpenVINO's C API, reached through dlopen.
//
// Why a shim and not a module map over OpenVINO's own headers: Lipsmith must build, and say clearly what is missing,
// on a machine where the runtime is not unpacked, so nothing of it may be needed at compile or link time. The one
// variadic call (ov_core_compile_model) could not be imported by Swift either. This target can go when Debian packages
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

// Reads and compiles a model for the CPU with one infer request. `dimensions` of rank 0 keeps the model's own input
// shape. Returns NULL and writes a sentence to `message` on failure. Single-precision arithmetic is forced, because the
// runtime would otherwise choose bfloat16 on some processors and give other results there.
lipsmith_openvino_model *lipsmith_openvino_load(
    lipsmith_openvino_runtime *runtime, const char *model_path, int64_t rank, const int64_t *dimensions,
    int thread_count, char *message, size_t message_size);
void lipsmith_openvino_unload(lipsmith_openvino_model *model);

// The request's own tensors: written before, read after `lipsmith_openvino_infer`.
float *lipsmith_openvino_input(lipsmith_openvino_model *model);
size_t lipsmith_openvino_input_count(const lipsmith_openvino_model *model);
size_t lipsmith_openvino_output_total(const lipsmith_openvino_model *model);
const char *lipsmith_openvino_output_name(const lipsmith_openvino_model *model, size_t index);
const float *lipsmith_openvino_output(lipsmith_openvino_model *model, size_t index);
size_t lipsmith_openvino_output_count(const lipsmith_openvino_model *model, size_t index);

// Runs the request; 0 on success, OpenVINO's status otherwise.
int lipsmith_openvino_infer(lipsmith_openvino_model *model);
