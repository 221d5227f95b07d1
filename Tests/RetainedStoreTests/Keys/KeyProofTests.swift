import Testing

@testable import RetainedStore

@Suite("Showing that one has a key to an open store") struct KeyProofTests {
    @Test("every key that opens the store answers a challenge, and no other does")
    func answers() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let location = fixture.options().location
        let second = try MasterKey.random()
        try RetainedStore.addKey(second, at: location, openedWith: fixture.masterKey)
        let challenge = try RetainedStore.makeChallenge()
        #expect(challenge.count == RetainedStore.challengeBytes)
        for key in [fixture.masterKey, second] {
            let answer = try RetainedStore.proof(for: challenge, at: location, masterKey: key)
            #expect(answer.count == 16)
            #expect(try store.isProof(answer, for: challenge))
            #expect(try !store.isProof(answer, for: RetainedStore.makeChallenge()))
            #expect(try !store.isProof(Array(answer.dropLast()), for: challenge))
            for index in answer.indices {
                var changed = answer
                changed[index] ^= 1
                #expect(try !store.isProof(changed, for: challenge))
            }
        }
        #expect(try !store.isProof([], for: challenge))
        let stranger = try MasterKey.random()
        #expect(throws: StoreError.self) {
            try RetainedStore.proof(for: challenge, at: location, masterKey: stranger)
        }
        try store.close()
    }

    @Test("another store's answer is none, though the master key is the same")
    func anotherStore() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let other = TemporaryDirectory()
        let location = StoreLocation(directory: other.path + "/other")
        try RetainedStore.create(StoreOptions(location: location), masterKey: fixture.masterKey).close()
        let challenge = try RetainedStore.makeChallenge()
        let answer = try RetainedStore.proof(for: challenge, at: location, masterKey: fixture.masterKey)
        #expect(try !store.isProof(answer, for: challenge))
        try store.close()
    }
}
