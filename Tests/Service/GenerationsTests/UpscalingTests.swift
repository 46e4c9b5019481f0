import Generations
import Testing

@Suite("How large an upscaled medium gets")
struct UpscalingTests {
    private func size(
        _ wish: Upscaling.Target, _ width: Int, _ height: Int, isVideo: Bool = true
    ) throws -> [Int] {
        let size = try Upscaling(wish).size(width: width, height: height, isVideo: isVideo)
        return [size.width, size.height]
    }

    @Test("Names are of the shorter side, whatever the shape; wide videos end at the largest width")
    func named() throws {
        #expect(try size(.shorterSide(1080), 640, 360) == [1920, 1080])
        #expect(try size(.shorterSide(1080), 360, 640) == [1080, 1920])
        #expect(try size(.shorterSide(2160), 1280, 720) == [3840, 2160])
        #expect(try size(.shorterSide(2160), 1260, 540) == [4096, 1756])
        #expect(try size(.shorterSide(720), 1280, 720) == [1280, 720])
        #expect(throws: Upscaling.Refusal.smaller) { try size(.shorterSide(720), 1920, 1080) }
    }

    @Test("Factors are exact or refused; without a wish it is twice, or what there may be")
    func factors() throws {
        #expect(try size(.factor(1.5), 641, 359) == [962, 538])
        #expect(throws: Upscaling.Refusal.tooLarge) { try size(.factor(4), 1920, 1080) }
        #expect(try size(.factor(4), 1920, 1080, isVideo: false) == [7680, 4320])
        #expect(throws: Upscaling.Refusal.tooLarge) { try size(.factor(4), 8000, 8000, isVideo: false) }
        #expect(try size(.usual, 512, 512) == [1024, 1024])
        #expect(try size(.usual, 4096, 2160) == [4096, 2160])
        #expect(try size(.usual, 3000, 3000) == [3000, 3000])
    }

    @Test(
        "No result is larger than what is taken", arguments: [(4095, 2159), (4096, 2160), (2161, 4096), (3001, 2949)])
    func limits(width: Int, height: Int) throws {
        for wish in [Upscaling.Target.usual, .shorterSide(4320)] {
            guard let size = try? size(wish, width, height) else { continue }
            #expect(max(size[0], size[1]) <= 4096)
            #expect(size[0] * size[1] <= max(4096 * 2160, width * height))
        }
    }
}
