import Processes
import Testing

/// Goal: memory is counted as the kernel counts it.
@Suite("Available memory")
struct MachineMemoryTests {
    @Test("is read from the kernel's files")
    func read() {
        let text = "MemTotal:       16384 kB\nMemFree:  1000 kB\nMemAvailable:    2048 kB\n"
        #expect(MachineMemory.availableBytes(inMeminfo: text) == 2 << 20)
        #expect(MachineMemory.availableBytes(inMeminfo: "MemFree: 3 kB\n") == nil)
        #expect(MachineMemory.groupPath(inCgroup: "12:cpu:/a\n0::/user.slice/b\n") == "/user.slice/b")
        #expect(MachineMemory.groupPath(inCgroup: "12:cpu:/a\n") == nil)
        #expect((MachineMemory.availableBytes() ?? 0) > 1 << 20)
    }
}
