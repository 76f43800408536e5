import XCTest

/// The window on a layer that has what only GIMP 3 has: a filter that is not merged.
final class FilteredLayerTests: WindowTestCase {
    /// What the preview has drawn and OK takes is the layer as the user sees it. “Repeat” then draws another layer the
    /// same way.
    func testTheWindowDrawsTheLayerWithItsFilters() throws {
        try XCTSkipUnless(GimpHost.is3, "GIMP 2.10 has no such thing")
        let output = try withWindow(
            preparation: """
                (define merged (car (gimp-layer-copy layer)))
                (gimp-drawable-append-new-filter layer "gegl:invert-gamma" "inverted" LAYER-MODE-REPLACE 1.0)
                """,
            check: """
                (gimp-image-insert-layer image merged 0 2)
                (gimp-drawable-invert merged FALSE)
                (let ((drawing (photo-group image))
                      (wanted (car (plug-in-anime-style #:run-mode RUN-WITH-LAST-VALS #:image image
                                                        #:drawables (vector merged)))))
                  (say "as-seen" (differing image drawing wanted 0.01))
                  (say "drawn" (differing image drawing merged 0.03))
                  (say "kept" (vector-length (car (gimp-drawable-get-filters layer)))
                    (vector-length (car (gimp-drawable-get-filters drawing)))))
                """
        ) { desk in
            try desk.wait(for: "the finished preview") { shown in
                shown.contains { $0.name == "The preview is up to date." } ? true : nil
            }
            desk.picture(named: "filters that are not merged")
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [2])
        XCTAssertSaid(output, "as-seen", [0])
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 160 * 160 / 10, output.text)
        XCTAssertSaid(output, "kept", [1, 0])
    }
}
