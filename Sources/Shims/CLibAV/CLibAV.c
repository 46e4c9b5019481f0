#include "CLibAV.h"

static int refuse_open(AVFormatContext *context, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
    (void)context;
    (void)url;
    (void)flags;
    (void)options;
    *io = NULL;
    return AVERROR(EACCES);
}

void lipsmith_av_refuse_nested_opens(AVFormatContext *context) {
    context->io_open = refuse_open;
}
