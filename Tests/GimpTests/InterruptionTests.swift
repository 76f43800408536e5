import XCTest

/// A call that is cancelled or killed leaves the image as it was; an image that changes meanwhile is noticed.
final class InterruptionTests: XCTestCase {
    /// Large enough for the drawing to take most of the time.
    private static let photograph = """
        (define (large-portrait)
          (let ((image (portrait)))
            (gimp-image-scale image 500 500)
            (gimp-image-clean-all image)
            image))
        ; A first call, whose time tells when to interrupt the others.
        (let* ((image (large-portrait))) (draw-as 2 image (photo-layer image) 100 2) (gimp-image-delete image))

        """

    /// GIMP's Cancel button kills the plug-in, whatever it is at.
    func testKilledPlugInLeavesTheImageUntouchedOrComplete() throws {
        let session = try GimpSession.shared.get()
        // Shares of the work of a whole call: loading, finding faces, drawing, pasting back, writing, and the answer
        // for each output.
        let moments = [0.03, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.99, 0.99, 0.99]
        let output = try session.run(
            Self.photograph + """
                (let ((image (large-portrait)))
                  (draw-as 3 image (photo-layer image) 100 2)
                  (say "replaced" (state image))
                  (gimp-image-delete image))
                (let loop ((index 0))
                  (if (< index \(moments.count))
                      (let* ((image (large-portrait)) (layer (photo-layer image)))
                        (refusal (string-append "killed-" (number->string index)) image
                                 (lambda () (draw-as (modulo index 4) image layer 100 2)))
                        (gimp-image-delete image)
                        (loop (+ index 1)))))
                """,
            whileRunning: { gimp in
                var seen: Set<pid_t> = []
                guard let whole = FilterProcess.next(session, &seen, gimp)?.waitUntilExit() else { return }
                _ = FilterProcess.next(session, &seen, gimp)?.waitUntilExit()
                for moment in moments {
                    guard let call = FilterProcess.next(session, &seen, gimp) else { return }
                    if call.wait(untilTicks: Int(Double(whole) * moment)) { kill(call.id, SIGKILL) }
                }
            })
        // Layers, width, height, changes, images, and the photograph's histogram, see `state` in TestScheme.
        let (changes, images, pixels) = (3, 4, 5)
        let replaced = output.numbers("replaced")
        guard replaced.count > pixels else { return XCTFail("\(output.text.suffix(1500))") }
        var killed = 0, untouched = 0
        for index in moments.indices {
            let name = "killed-\(index)", replaces = index % 4 == 3
            let before = output.numbers("\(name)-before"), after = output.numbers("\(name)-after")
            guard before.count == replaced.count, after.count == before.count else {
                return XCTFail("\(name): \(output.text.suffix(1500))")
            }
            let isKilled = output.numbers("\(name)-refused") == [1]
            if isKilled { killed += 1 }
            // Killed between its last change and its answer, the plug-in has done its work all the same.
            if isKilled, after[changes] == 0 {
                untouched += 1
                // An image that was being put together apart may stay behind, which the user does not see; all else is
                // as it was.
                XCTAssertEqual(
                    before.prefix(images) + before.suffix(from: pixels),
                    after.prefix(images) + after.suffix(from: pixels), name)
            } else {
                XCTAssertEqual(after[0], before[0] + (replaces ? 0 : 1), name)
                XCTAssertEqual(Array(after[1...changes]), [before[1], before[2], 1], name)
                XCTAssertEqual(after.suffix(from: pixels), (replaces ? replaced : before).suffix(from: pixels), name)
            }
        }
        XCTAssertGreaterThanOrEqual(killed, 4, output.text)
        XCTAssertGreaterThanOrEqual(untouched, 3, output.text)
    }

    /// What is done to the image while the filter draws, into which output, and what the filter says; `nil` when it
    /// does not mind.
    private static let cases: [(action: String, output: Int, sentence: String?)] = [
        ("delete-image", 0, "closed or converted while"), ("delete-image", 2, "closed or converted while"),
        ("delete-image", 3, "closed or converted while"),
        ("remove-layer", 1, "closed or converted while"), ("remove-layer", 3, "closed or converted while"),
        ("resize", 1, "closed or converted while"), ("indexed", 0, "closed or converted while"),
        ("float", 2, "Layer > Anchor Layer"),
        ("paint", 3, "The layer was changed while"), ("lock", 3, "The pixels of this layer are locked"),
        ("select-elsewhere", 3, "Nothing of this layer is selected"),
        ("move", 0, nil), ("paint", 0, nil), ("lock", 2, nil), ("select-elsewhere", 1, nil),
    ]

    func testWhatHappensMeanwhileIsNoticed() throws {
        let session = try GimpSession.shared.get()
        let meddler = try Meddler(session)
        defer { meddler.remove() }
        let calls = Self.cases.enumerated().map { index, each in
            """
            (let* ((image (large-portrait)) (layer (photo-layer image)))
              (say "case" "\(index)")
              (catch (say "refused-\(index)" 1)
                (say "refused-\(index)" 0 (gimp-drawable-offsets (draw-as \(each.output) image layer 100 2))))
              (say "image-\(index)" (car (gimp-image-is-valid image)) (car (gimp-image-list)))
              (if (= (car (gimp-image-is-valid image)) TRUE)
                  (begin (say "layers-\(index)" (car (gimp-image-get-layers image)) (car (gimp-image-list)))
                    (gimp-image-delete image))))
            """
        }
        let output = try session.run(
            Self.photograph + calls.joined(separator: "\n"), environment: meddler.environment,
            whileRunning: { gimp in
                var seen: Set<pid_t> = []
                guard let whole = FilterProcess.next(session, &seen, gimp)?.waitUntilExit() else { return }
                for each in Self.cases {
                    guard let call = FilterProcess.next(session, &seen, gimp), call.wait(untilTicks: whole * 6 / 10),
                        meddler.perform(each.action, during: call)
                    else {
                        return
                    }
                }
            })
        for (index, each) in Self.cases.enumerated() {
            let name = "\(each.action) \(each.output)", section = output.section("\(index)")
            XCTAssertFalse(section.contains("crashed"), "\(name): \(section)")
            if each.action == "delete-image" {
                XCTAssertSaid(output, "image-\(index)", [0, 0])
                // GIMP 3 keeps an image that was closed until the call ends; the drawing then goes with it.
                if GimpHost.is3 { continue }
            }
            guard let sentence = each.sentence else {
                XCTAssertSaid(
                    output, "refused-\(index)",
                    [0] + (each.action == "move" ? [30, 20] : each.action == "select-elsewhere" ? [90, 90] : [0, 0]))
                XCTAssertSaid(output, "layers-\(index)", [2, 1])
                continue
            }
            XCTAssertSaid(output, "refused-\(index)", [1])
            XCTAssertTrue(section.contains(sentence), "\(name): \(section)")
            if ["paint", "lock", "select-elsewhere", "resize", "indexed"].contains(each.action) {
                XCTAssertSaid(output, "layers-\(index)", [1, 1])
            }
        }
    }

    /// Callers of GIMP's library may leave out arguments at the end, so that later ones break no old call.
    func testArgumentsMayBeLeftOutFromTheEnd() throws {
        try XCTSkipIf(GimpHost.is3, "GIMP 3 takes arguments by name")
        let session = try GimpSession.shared.get()
        let meddler = try Meddler(session)
        defer { meddler.remove() }
        let output = try session.run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (say "three" (test-call image layer 0 3) (car (gimp-image-get-layers image)))
              (say "ten" (test-call image layer 3 10) (car (gimp-image-get-layers image)))
              (say "all" (test-call image layer 3 14) (car (gimp-image-get-layers image))))
            """)
        let success = 3.0
        XCTAssertSaid(output, "three", [success, 2])
        XCTAssertSaid(output, "ten", [success, 3])
        XCTAssertSaid(output, "all", [success, 3])
    }
}
