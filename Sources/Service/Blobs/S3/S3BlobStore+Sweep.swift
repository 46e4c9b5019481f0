public import Generations

/// The search for files that are not referred to, and for damaged files.
extension S3BlobStore {
    /// The number of names in one query to the store.
    private static let questionSize = 500

    /// Moves old files that are not referred to into quarantine, page by page, restores those that are referred to again, and
    /// deletes those whose quarantine time is over. What dead processes have left unfinished is removed.
    ///
    /// S3 cannot move: a file is copied, then deleted. One that is stored anew by another server between the last look at
    /// its age and its deletion comes back with the next sweep.
    public func sweep(
        olderThan age: Duration, isReferenced: @Sendable ([BlobKey]) async throws -> Set<BlobKey>
    ) async throws -> SweepOutcome {
        var outcome = SweepOutcome()
        let minimumSeconds = age.components.seconds
        try await walk(keys.files) { files in
            let page = files.map { (key: $0.key, ageSeconds: $0.object.ageSeconds) }
            try await outcome.putAside(page, olderThan: minimumSeconds, unless: isReferenced) {
                try await setAside($0, olderThan: minimumSeconds)
            }
        }
        let quarantineSeconds = configuration.quarantineTime.components.seconds
        try await walk(keys.quarantine) { files in
            let page = files.map { (key: $0.key, ageSeconds: $0.object.ageSeconds) }
            try await outcome.settle(page, after: quarantineSeconds, unless: isReferenced) {
                try await bringBack(files[$0].key, files[$0].object)
            } delete: { index in
                try await translating("delete \(files[index].key)") {
                    try await client.delete(files[index].object.key)
                }
            }
        }
        outcome.failedCount += try await removeLeftovers()
        return outcome
    }

    /// Reads every file whose name holds its digest, and compares them.
    public func scrub(bytesPerSecond: Int64?) async throws -> ScrubOutcome {
        var outcome = ScrubOutcome()
        try await walk(keys.files) { files in
            for (key, object) in files {
                guard let expected = key.digest else { continue }
                let digest = LockedDigest()
                do {
                    try await translating("compare \(key)") {
                        try await forEachBlock(of: object.key, key) { bytes in
                            digest.update(bytes)
                            guard let bytesPerSecond else { return }
                            try await Task.sleep(for: .seconds(Double(bytes.count) / Double(max(bytesPerSecond, 1))))
                        }
                    }
                } catch let error as StoreError where error.driverCode == 404 {
                    // Removed meanwhile.
                    continue
                }
                outcome.fileCount += 1
                outcome.byteCount += object.byteCount
                if digest.finish() != expected { outcome.damaged.append(key) }
            }
        }
        return outcome
    }

    private func setAside(_ key: BlobKey, olderThan seconds: Int64) async throws -> Bool {
        let place = try place(of: key)
        return try await translating("set \(key) aside") {
            guard let object = try await client.head(place), object.ageSeconds >= seconds else { return false }
            try await client.copy(object, to: keys.quarantine + key.rawValue)
            // The same content may have been stored again meanwhile, with a reference to follow.
            guard let again = try await client.head(place), again.ageSeconds >= seconds else { return false }
            try await client.delete(place)
            return true
        }
    }

    private func bringBack(_ key: BlobKey, _ object: S3Object) async throws -> Bool {
        let place = try place(of: key)
        return try await translating("bring \(key) back") {
            // The content may have been stored again meanwhile.
            let isThere = try await client.head(place) != nil
            if !isThere { try await client.copy(object, to: place) }
            try await client.delete(object.key)
            return !isThere
        }
    }

    /// Drops uploads and temporary objects that no living process goes on with.
    ///
    /// - Returns: How many could not be dropped.
    private func removeLeftovers() async throws -> Int {
        let leastSeconds = configuration.leftoverAge.components.seconds
        var failedCount = 0
        try await translating("look for unfinished uploads") {
            var next: [(name: String, value: String)]? = []
            let start = configuration.address.prefix.isEmpty ? "" : "\(configuration.address.prefix)/"
            while let from = next {
                let page = try await client.uploads(start, from)
                for upload in page.items where upload.ageSeconds >= leastSeconds {
                    do { try await client.abort(upload) } catch is S3Failure { failedCount += 1 }
                }
                next = page.next
            }
            next = []
            while let from = next {
                let page = try await client.list(keys.temporary, from)
                for object in page.items where object.ageSeconds >= leastSeconds {
                    do { try await client.delete(object.key) } catch is S3Failure { failedCount += 1 }
                }
                next = page.next
            }
        }
        return failedCount
    }

    /// Visits all files of a part of the store in groups.
    private func walk(
        _ part: String, _ body: (_ files: [(key: BlobKey, object: S3Object)]) async throws -> Void
    ) async throws {
        var next: [(name: String, value: String)]? = []
        while let from = next {
            let page = try await translating("list \(part)") { try await client.list(part, from) }
            let files = page.items.map { (key: BlobKey(rawValue: String($0.key.dropFirst(part.count))), object: $0) }
                .filter(\.key.isWellFormed)
            for start in stride(from: 0, to: files.count, by: Self.questionSize) {
                try await body(Array(files[start..<min(start + Self.questionSize, files.count)]))
            }
            next = page.next
        }
    }
}
