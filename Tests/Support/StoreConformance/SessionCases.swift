import Generations
import Time

extension StoreConformance {
    /// Who is signed in, and by which links.
    static let sessionCases = [
        StoreConformance("a link opens once, also when many open it at the same moment") { store in
            let organisation = try await makeOrganisation(store)
            let secret = try await link(organisation, .operator, store)
            let opened = try await withThrowingTaskGroup(of: Session?.self) { group in
                for index in 0..<20 {
                    group.addTask { try await open(secret, "session \(index)", store: store) }
                }
                return try await group.reduce(into: [Session]()) { if let session = $1 { $0.append(session) } }
            }
            try expectEqual(opened.count, 1)
            try expectEqual(opened[0].organisation, organisation)
            try expectEqual(opened[0].role, .operator)
            let listed = try await store.sessions(organisation: nil, now: Samples.start, after: nil, limit: 50)
            try expectEqual(listed.items, opened)
            try expectEqual(try await store.activeSession(digest: opened[0].digest, now: Samples.start), opened[0])
            try expectEqual(try await open(secret, "late", store: store), nil)
        },
        StoreConformance("links that are too old or unknown open nothing") { store in
            let organisation = try await makeOrganisation(store)
            let secret = try await link(organisation, .member, store)
            let end = Samples.start.advanced(by: SignInToken.validity)
            try expectEqual(try await open(secret, "s", at: end, store: store), nil)
            try expectEqual(try await open("unknown", "s", store: store), nil)
            let last = end.advanced(by: .milliseconds(-1))
            try expect(try await open(secret, "s", at: last, store: store) != nil, "a moment before its end")
            try expectEqual(
                try await store.sessions(organisation: nil, now: last, after: nil, limit: 5).items.count, 1)
        },
        StoreConformance("sessions that were revoked, are over or unknown open nothing") { store in
            let organisation = try await makeOrganisation(store)
            let session = try await signedIn(organisation, "a", store)
            let end = Samples.start.advanced(by: Session.validity)
            let last = end.advanced(by: .milliseconds(-1))
            try expectEqual(try await store.activeSession(digest: "b", now: last), nil)
            try expectEqual(try await store.activeSession(digest: "a", now: last), session)
            try expectEqual(try await store.session(session.id, now: last), session)
            try expectEqual(try await store.activeSession(digest: "a", now: end), nil)
            try expectEqual(try await store.session(session.id, now: end), nil)
            try expect(try await !store.revokeSession(session.id, now: end), "it is over")
            try expect(try await !store.revokeSession(SessionID(), now: Samples.start), "there is none")
            try expect(try await store.revokeSession(session.id, now: Samples.start), "it is open")
            try expect(try await !store.revokeSession(session.id, now: Samples.start), "it was revoked")
            try expectEqual(try await store.activeSession(digest: "a", now: Samples.start), nil)
            try expectEqual(try await store.session(session.id, now: Samples.start), nil)
        },
        StoreConformance("a use puts off the end of a session that is open, at most every few minutes") { store in
            let organisation = try await makeOrganisation(store)
            let session = try await signedIn(organisation, "a", store)
            func use(after duration: Duration) async throws -> [Timestamp]? {
                let now = Samples.start.advanced(by: duration)
                try await store.noteSessionUse(session.id, now: now)
                return try await store.session(session.id, now: now).map { [$0.lastUsedAt, $0.expiresAt] }
            }
            let soon = Session.useInterval - .milliseconds(1)
            try expectEqual(try await use(after: soon), [session.lastUsedAt, session.expiresAt])
            let day = Duration.seconds(86_400)
            let used = [Samples.start.advanced(by: day), Samples.start.advanced(by: day + Session.validity)]
            try expectEqual(try await use(after: day), used)
            // A clock that was set back takes nothing away.
            try expectEqual(try await use(after: .zero), used)
            try expectEqual(try await use(after: day + Session.validity), nil)
            try expectEqual(try await use(after: day), used)
            _ = try await store.revokeSession(session.id, now: used[0])
            try expectEqual(try await use(after: day * 2), nil)
        },
        StoreConformance("sessions in use are listed for an organisation or all, the newest first, in pages") { store in
            let organisation = try await makeOrganisation(store)
            let other = try await makeOrganisation(store)
            var own: [Session] = []
            for index in 0..<5 {
                own.insert(try await signedIn(organisation, "own \(index)", at: .seconds(index / 2), store), at: 0)
            }
            let foreign = try await signedIn(other, "other", at: .seconds(60), store)
            let revoked = try await signedIn(organisation, "revoked", at: .seconds(70), store)
            _ = try await store.revokeSession(revoked.id, now: Samples.start)
            let now = Samples.start.advanced(by: .seconds(100))
            own.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            var seen: [SessionID] = []
            while true {
                let page = try await store.sessions(organisation: organisation, now: now, after: seen.last, limit: 2)
                seen += page.items.map(\.id)
                if !page.hasMore { break }
            }
            try expectEqual(seen, own.map(\.id))
            let all = try await store.sessions(organisation: nil, now: now, after: nil, limit: 6)
            try expectEqual(all.items.map(\.id), [foreign.id] + own.map(\.id))
            try expect(!all.hasMore, "six sessions are in use")
            let later = own[0].expiresAt
            try expectEqual(
                try await store.sessions(organisation: nil, now: later, after: nil, limit: 6).items, [foreign])
            try await expectCode(.requestInvalid) {
                try await store.sessions(organisation: nil, now: now, after: SessionID(), limit: 6)
            }
        },
        StoreConformance("sessions and links go when they have long ended, and no others") { store in
            let organisation = try await makeOrganisation(store)
            let kept = try await signedIn(organisation, "kept", store)
            let revoked = try await signedIn(organisation, "revoked", store)
            let moment = Samples.start.advanced(by: .seconds(10))
            _ = try await store.revokeSession(revoked.id, now: moment)
            let secret = try await link(organisation, .member, store)
            // The two links that were opened, and the one that was not, have a day.
            try expectEqual(try await store.purgeSessions(endedBefore: moment), 0)
            try expectEqual(try await store.purgeSessions(endedBefore: moment.advanced(by: .milliseconds(1))), 1)
            let end = Samples.start.advanced(by: SignInToken.validity)
            try expectEqual(try await store.purgeSessions(endedBefore: end), 0)
            try expectEqual(try await store.purgeSessions(endedBefore: end.advanced(by: .milliseconds(1))), 3)
            try expectEqual(try await open(secret, "s", store: store), nil)
            try expectEqual(try await store.session(kept.id, now: end), kept)
            try expectEqual(
                try await store.purgeSessions(endedBefore: kept.expiresAt.advanced(by: .milliseconds(1))), 1)
            try expectEqual(try await store.session(kept.id, now: Samples.start), nil)
        },
        StoreConformance("keys keep their role") { store in
            let organisation = try await makeOrganisation(store)
            for role in Role.allCases {
                let (key, secret) = APIKey.issue(
                    name: role.rawValue, organisation: organisation, role: role, now: Samples.start)
                try await store.createKey(key)
                try expectEqual(try await store.activeKey(digest: APIKey.digest(of: secret))?.role, role)
            }
            try expectEqual(Set(try await store.keys().map(\.role)), Set(Role.allCases))
        },
    ]

    private static func link(_ owner: OrganisationID, _ role: Role, _ store: any Store) async throws -> String {
        let (token, secret) = SignInToken.issue(organisation: owner, role: role, now: Samples.start)
        try await store.createSignInToken(token)
        return secret
    }

    private static func open(
        _ secret: String, _ digest: String, at now: Timestamp = Samples.start, store: any Store
    ) async throws -> Session? {
        try await store.redeemSignInToken(digest: Secret.digest(of: secret), now: now) {
            Session(opening: $0, digest: digest, client: "test", now: now)
        }
    }

    /// A session that began some time after the start.
    private static func signedIn(
        _ owner: OrganisationID, _ digest: String, at duration: Duration = .zero, _ store: any Store
    ) async throws -> Session {
        let secret = try await link(owner, .member, store)
        let now = Samples.start.advanced(by: duration)
        guard let session = try await open(secret, digest, at: now, store: store) else {
            throw ConformanceFailure(description: "a new link opens")
        }
        return session
    }
}
