import XCTest

/// Sets of layers, which GIMP 3 alone has: several chosen at once, and sets that an image keeps under a name.
final class LayerSetTests: XCTestCase {
    override func setUpWithError() throws {
        try XCTSkipUnless(GimpHost.is3, "GIMP 2.10 has no such thing")
    }

    /// A click on a set chooses its layers: they are refused together and stay chosen. Each is drawn when it is chosen
    /// alone, and the set keeps its members, without the drawings.
    func testAStoredSetKeepsItsMembers() throws {
        let session = try GimpSession.shared.get()
        let stored = session.folder.appendingPathComponent("set.xcf")
        let drawn = session.folder.appendingPathComponent("set-drawn.xcf")
        try makeImage(at: stored, in: session)
        var file = try XcfSets(Data(contentsOf: stored))
        try file.store("people", of: ["lower", "upper"])
        try file.data.write(to: stored)
        let output = try session.run(
            """
            (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "\(stored.path)" "set")))
                   (upper (car (gimp-image-get-layer-by-name image "upper")))
                   (lower (car (gimp-image-get-layer-by-name image "lower"))))
              (define (chosen) (car (gimp-image-get-selected-drawables image)))
              (gimp-image-set-selected-layers image (vector upper lower))
              (refusal "set" image (lambda () (anime-style-3 #:image image #:drawables (chosen) #:style "cel")))
              (say "still-chosen" (map (lambda (layer) (car (gimp-image-get-item-position image layer)))
                                       (vector->list (chosen))))
              (gimp-image-set-selected-layers image (vector upper))
              (let ((drawing (car (anime-style-3 #:image image #:drawables (chosen) #:style "cel")))
                    (before (car (gimp-layer-copy lower))))
                (say "above" (car (gimp-image-get-item-position image drawing))
                     (car (gimp-image-get-item-position image upper)))
                (say "drawing-chosen" (- drawing (vector-ref (chosen) 0)) (vector-length (chosen)))
                (say "replaced" (- lower (draw-as 3 image lower 100 2)))
                (gimp-image-insert-layer image before 0 0)
                (say "changed" (differing image lower before 0.03))
                (gimp-image-remove-layer image before))
              (gimp-file-save RUN-NONINTERACTIVE image "\(drawn.path)"))
            """)
        XCTAssertTrue(
            output.section("set").contains("Several layers are selected and the filter draws one at a time"),
            output.text)
        XCTAssertSaid(output, "set-refused", [1])
        XCTAssertSaid(output, "set-after", output.numbers("set-before"))
        XCTAssertEqual(output.numbers("still-chosen").sorted(), [0, 2], output.text)
        XCTAssertSaid(output, "above", [0, 1])
        XCTAssertSaid(output, "drawing-chosen", [0, 1])
        XCTAssertSaid(output, "replaced", [0])
        XCTAssertGreaterThan(output.numbers("changed").first ?? 0, 1000, output.text)
        XCTAssertEqual(try XcfSets(Data(contentsOf: drawn)).sets(), ["people": ["upper", "lower"]])
    }

    /// Three layers, with room for a set in the image and in each of them.
    private func makeImage(at place: URL, in session: GimpSession) throws {
        let room = "(list \"room\" 1 \"\(String(repeating: "-", count: 99))\")"
        _ = try session.run(
            """
            (let* ((image (portrait)) (lower (photo-layer image)) (between (car (gimp-layer-copy lower)))
                   (upper (car (gimp-layer-copy lower))))
              (gimp-image-insert-layer image between 0 0)
              (gimp-image-insert-layer image upper 0 0)
              (gimp-image-attach-parasite image \(room))
              (for-each (lambda (layer name)
                  (gimp-item-set-name layer name)
                  (gimp-item-attach-parasite layer \(room)))
                (list lower between upper) '("lower" "between" "upper"))
              (gimp-file-save RUN-NONINTERACTIVE image "\(place.path)"))
            """)
    }

    /// A layer beside the canvas, or half on it, is drawn whole with the filters over it, as it is on the canvas; so is
    /// a group.
    func testFilteredLayersOutsideTheCanvasAreDrawnWhole() throws {
        let output = try GimpSession.shared.get().run(
            """
            (define (invert layer)
              (gimp-drawable-append-new-filter layer "gegl:invert-gamma" "inverted" LAYER-MODE-REPLACE 1.0))
            (let* ((image (portrait)) (layer (photo-layer image)) (merged (car (gimp-layer-copy layer)))
                   (inner (car (gimp-layer-copy layer))) (group (car (gimp-layer-group-new image))))
              (gimp-image-insert-layer image merged 0 0)
              (gimp-drawable-invert merged FALSE)
              (gimp-image-insert-layer image group 0 0)
              (gimp-image-insert-layer image inner group 0)
              (invert layer)
              (invert group)
              (let ((wanted (draw image merged 100 2)))
                (for-each (lambda (each)
                    (let ((name (car each)) (source (cadr each)) (output (list-ref each 4)))
                      (gimp-layer-set-offsets (if (= source group) inner source) (caddr each) (cadddr each))
                      (let ((drawing (draw-as output image source 100 2)))
                        (say (string-append "place-" name) (gimp-drawable-offsets drawing)
                          (car (gimp-drawable-width drawing)) (car (gimp-drawable-height drawing)))
                        (gimp-layer-set-offsets drawing 0 0)
                        (if (= output 1) (gimp-layer-remove-mask drawing MASK-DISCARD))
                        (say (string-append "differing-" name) (differing image wanted drawing 0.01)))))
                  (list (list "beside" layer 500 -300 0) (list "half" layer -80 40 1)
                        (list "group" group -80 40 0)))))
            """)
        for (name, place) in [("beside", [500.0, -300]), ("half", [-80, 40]), ("group", [-80, 40])] {
            XCTAssertSaid(output, "place-\(name)", place + [160, 160])
            XCTAssertSaid(output, "differing-\(name)", [0])
        }
    }
}
