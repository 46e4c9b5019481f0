// The weights of the mouth network, inside the program: nothing can be missing or of another version.
//
// Why C: Swift's own way to embed a file writes it as an array literal, which takes minutes to compile. This target can go
// when Swift embeds files as the C compiler does.
#pragma once

#include <stddef.h>

// An ONNX model; docs/mouth-network.md says how it came about.
const void *lipsmith_mouth_network(size_t *size);
