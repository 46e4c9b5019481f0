#include "CMouthNetwork.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char model[] = {
#embed "mouth-network.onnx"
};

const void *lipsmith_mouth_network(size_t *size) {
    *size = sizeof model;
    return model;
}
