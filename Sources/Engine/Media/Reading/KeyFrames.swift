/// The numbers of the frames at which decoding can begin, as far as they were met.
struct KeyFrames {
    /// Ascending, each once.
    private(set) var numbers: [Int] = []

    mutating func insert(_ number: Int) {
        let place = place(of: number)
        guard place == numbers.count || numbers[place] != number else { return }
        numbers.insert(number, at: place)
    }

    /// The first one of a range.
    func first(in range: ClosedRange<Int>) -> Int? {
        let place = place(of: range.lowerBound)
        return place < numbers.count && numbers[place] <= range.upperBound ? numbers[place] : nil
    }

    /// The index of the first number that is not below `number`.
    private func place(of number: Int) -> Int {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
