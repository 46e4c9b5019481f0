# The commands of a Lipsmith checkout. Each says what it does and may be run again at any time.

.PHONY: setup build demo serve test lint bench report-samples sbom soak package

configuration := release
# Of `make soak`: how long it orders jobs, and what is killed meanwhile (none, server, children or both).
minutes := 10
kills := both
# Of `make test`: with --no-parallel one test runs after the other, so that the log says what each takes by itself.
parallel :=
say = @printf '\033[1m%s\033[0m\n' "lipsmith: $(1)"

setup:
	$(call say,installing what is missing)
	@scripts/setup

build: setup
	$(call say,building the $(configuration) binary)
	@swift build --configuration $(configuration) --product lipsmith
	$(call say,built .build/release/lipsmith)

demo: build
	$(call say,a real face says new words)
	@scripts/demo

serve: build
	$(call say,starting the server; its data is in lipsmith-data. Stop it with Ctrl-C)
	@.build/release/lipsmith serve

# What `swift test` builds unless told otherwise differs by a flag from what `swift build` makes, so that each would build
# the whole package again after the other.
swift_test = swift test --configuration $(configuration) --disable-testable-imports

# So many tests at once: with all of them, those that wait for an answer would wait for their turn too, for minutes.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 8

# Clients in these give up after seconds. They have the machine to themselves.
socket_tests := '^HTTPTests\.'
# The S3 service of these is a program in Python that keeps one core busy by itself.
blob_tests := '^BlobsTests\.'

# Asynchronous tests wait for stores and children. Beside those of the engine, which keep every thread of the shared pool
# busy for minutes, they would wait for threads too.
service_tests := '^(Queues|Generations|Persistence|Voices|Access|WebInterface|SyncAPI|HedraAPI|HedraV3API|LipsmithAPI|Studio|Reports|Server)Tests\.'

# These speak by networks, on every core.
speaking_tests := '^VoicesTests\.(NetworkVoice|LocalVoice|HostileScript|NetworkChild)Tests/'

# These start many programs. Clients among them give up, or report that they wait, where a server inside the tests does not get
# its turn.
program_tests := '^(WorkerTests|EndToEnd\.RemoteCommandTests)[./]'

test:
	$(call say,installing what is missing for the tests)
	@scripts/setup --with-browser --postgres --with-s3
	$(call say,building the tests)
	@swift build --configuration $(configuration) --build-tests
	$(call say,running the tests of sockets)
	@$(swift_test) $(parallel) --filter $(socket_tests)
	$(call say,running the tests of stored files)
	@$(swift_test) $(parallel) --filter $(blob_tests)
	$(call say,running the tests of the service)
	@$(swift_test) $(parallel) --filter $(service_tests) --skip $(speaking_tests)
	$(call say,running the tests of workers and of remote orders one after the other)
	@$(swift_test) --no-parallel --filter $(program_tests)
	$(call say,running the tests of speech)
	@$(swift_test) $(parallel) --filter $(speaking_tests)
	$(call say,running all other tests: those of the engine and of the command line)
	@$(swift_test) $(parallel) --skip $(socket_tests) --skip $(blob_tests) --skip $(service_tests) --skip $(program_tests)
	$(call say,running real clients against a real server)
	@.third-party-clients/bin/python -B -m pytest Tests/Clients

lint:
	$(call say,checking format and shape)
	@swift format lint --strict --recursive Package.swift Sources Tests Benchmarks Training
	$(call say,no complaints)

bench: build
	$(call say,measuring a job against the ffmpeg program)
	@scripts/bench
	$(call say,measuring speech)
	@scripts/bench-speech
	$(call say,measuring the store with a million generations in it)
	@swift run --configuration $(configuration) StoreBenchmark
	@scripts/setup --postgres
	@swift run --configuration $(configuration) StoreBenchmark --postgres
	$(call say,measuring the server against nginx)
	@scripts/bench-server

report-samples: build
	$(call say,making the reports that docs/quality.md shows)
	@scripts/report-samples

sbom: build
	$(call say,listing what the program is made of)
	@scripts/sbom .build/lipsmith.cdx.json

package: setup
	$(call say,making a Debian package)
	@scripts/package

soak: build
	$(call say,loading a server for $(minutes) minutes while $(kills) are killed)
	@scripts/soak $(minutes) --kills $(kills)
