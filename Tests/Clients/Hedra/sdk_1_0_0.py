"""What a program of July 2026 does with hedra-sdk 1.0.0: upload, submit, list, stream, get."""

import sys
from importlib.metadata import version

from hedra import Hedra

base, key, picture, sound = sys.argv[1:]
client = Hedra(base_url=base, api_key=key)
with open(picture, "rb") as file:
    image = client.files.upload(file=file).url
with open(sound, "rb") as file:
    audio = client.files.upload(file=file).url
job = client.jobs.submit_hedra_character3(
    input={
        "prompt": "calm", "aspect_ratio": "1:1", "resolution": "540p",
        "start_image": {"source": "url", "url": image}, "audio": {"source": "url", "url": audio},
    }, idempotency_key="older")
assert client.jobs.get_status(job.job_id).status
assert job.job_id in [found.job_id for found in client.jobs.list()]
events = list(client.jobs.stream(job.job_id))
assert events[-1].status == "COMPLETED", events[-1]
print(version("hedra-sdk"), client.jobs.get(job.job_id).status)
