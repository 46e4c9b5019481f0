"""What a program does with fal-client 1.0.3; prints what came of it as JSON."""

import json
import sys

import fal_client

action, video, audio = sys.argv[1:]
arguments = {"video_url": video, "audio_url": audio}
application = "fal-ai/sync-lipsync/v2"
if action == "subscribe":
    states, logs = [], []

    def seen(status):
        states.append(type(status).__name__)
        logs.extend(line["message"] for line in getattr(status, "logs", None) or [])

    result = fal_client.subscribe(application, arguments=arguments, with_logs=True, on_queue_update=seen)
    print(json.dumps({"states": states, "logs": logs, "result": result}))
else:
    handle = fal_client.submit(application, arguments=arguments)
    for _ in handle.iter_events(with_logs=False):
        pass
    status = fal_client.status(application, handle.request_id, with_logs=True)
    try:
        fal_client.result(application, handle.request_id)
        error = ""
    except Exception as failure:
        error = f"{failure} {getattr(getattr(failure, 'response', None), 'status_code', '')}"
    try:
        fal_client.cancel(application, handle.request_id)
        ended = 202
    except Exception as failure:
        ended = getattr(getattr(failure, "response", None), "status_code", 0)
    print(json.dumps({"status": type(status).__name__, "error": error, "cancel_ended": ended}))
